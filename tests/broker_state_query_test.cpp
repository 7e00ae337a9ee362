// SPDX-License-Identifier: Apache-2.0
#include "broker/key.hpp"
#include "broker/state_query.hpp"
#include "support/http_service.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

TEST_CASE("a running service tells the topics of one cache") {
  auto options = http_options_for_tests();
  options.caches.emplace_back("other");
  const HttpService service(std::move(options));
  service.publish("a topic", "x");
  service.publish("quote \" and ü", "x");
  must(service.client.publish("other", "elsewhere", model::Value::text("x")));

  auto topics = must(broker::topics_of(service.origin, k_cache, k_patience));
  std::sort(topics.begin(), topics.end());
  CHECK(topics == std::vector<std::string>{"a topic", "quote \" and ü"});
  CHECK(must(broker::topics_of(service.origin, "no such cache", k_patience)).empty());
}

TEST_CASE("a service that requires keys tells its topics to who has one") {
  const std::string secret(64, 's');
  auto options = http_options_for_tests();
  options.access = {.required = true, .secret = secret};
  const auto service = must(broker::Broker::start(std::move(options)));
  const std::string& origin = *service.http_origin();
  CHECK_FALSE(broker::topics_of(origin, k_cache, k_patience));
  const broker::Claims claims{.permissions = {.super_user = true}};
  CHECK(broker::topics_of(origin, k_cache, k_patience, broker::sign_key(claims, secret)));
}

TEST_CASE("who does not serve topics tells none") {
  httplib::Server server;
  std::string state;
  server.Get("/state", [&](const httplib::Request&, httplib::Response& answer) {
    answer.set_content(state, "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.listen_after_bind(); });
  const std::string origin = "http://127.0.0.1:" + std::to_string(port);
  for (const char* answer : {"", "[]", "not json", R"({"caches":[{"cache":1}]})",
                             R"({"caches":[{"cache":"cache","topics":[{"topic":7}]}]})"}) {
    state = answer;
    CHECK_FALSE(broker::topics_of(origin, k_cache, k_patience));
  }
  state = R"({"caches":[1,{"cache":"cache","topics":[1,{"topic":"t"}]}]})";
  CHECK(must(broker::topics_of(origin, k_cache, k_patience)) == std::vector<std::string>{"t"});
  server.stop();
  thread.join();
  CHECK(broker::topics_of(origin, k_cache, k_patience).error().kind == ErrorKind::Unavailable);
}
