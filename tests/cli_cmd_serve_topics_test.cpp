// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"
#include "support/condition.hpp"
#include "support/http_endpoint.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using model::Value;

namespace {

Arguments serve(const Arguments& more = {}) {
  Arguments arguments{"serve-topics", "--listen", "127.0.0.1:0", "--http", "none"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string endpoint_of(const Command& command) {
  return command.err().rest_of_line("serving topics on ");
}

}  // namespace

TEST_CASE("serve-topics serves the caches it was told to and says so") {
  Command serving(serve({"--cache", "orders", "--cache", "users"}));
  const auto client = client_of(endpoint_of(serving));
  CHECK(must(client.list_caches()) == std::vector<std::string>{"orders", "users"});
  serving.err().wait_for("  caches: orders, users\n");
  CHECK(serving.out().text().empty());
  CHECK(serving.interrupt_and_wait() == 130);
  CHECK(
      contains(serving.err().text(), "webhook deliveries: 0 delivered, 0 failed, 0 never sent\n"));
}

TEST_CASE("serve-topics makes the default cache unless it is told otherwise") {
  Command serving(serve());
  CHECK(must(client_of(endpoint_of(serving)).list_caches()) ==
        std::vector<std::string>{"default-cache"});
}

TEST_CASE("serve-topics ends with 143 after SIGTERM and its subscribers see it gone") {
  Command serving(serve({"--cache", k_cache}));
  const auto client = client_of(endpoint_of(serving));
  auto subscription = must(client.subscribe(k_cache, "t"));
  serving.interrupt(SIGTERM);
  CHECK(end_of(subscription).kind == ErrorKind::Unavailable);
  CHECK(serving.wait() == 143);
}

TEST_CASE("serve-topics keeps as many messages as it was told to") {
  Command serving(serve({"--cache", k_cache, "--retain", "3"}));
  const auto client = client_of(endpoint_of(serving));
  for (int i = 0; i < 10; ++i)
    must(client.publish(k_cache, "t", Value::text("x")));
  auto subscription = must(client.subscribe(k_cache, "t", {2, 0}));
  const auto gap = std::get<model::Discontinuity>(next_but_heartbeats(subscription));
  CHECK(gap.last_topic_sequence == 2);
  CHECK(gap.new_topic_sequence == 7);
  CHECK(next_message(subscription).sequence_number == 8);
}

TEST_CASE("serve-topics listens on a Unix socket") {
  const TempDirectory folder;
  const std::string address = "unix:" + folder.file("socket");
  Command serving({"serve-topics", "--listen", address, "--http", "none"});
  CHECK(endpoint_of(serving) == address);
  CHECK(run_command({"publish", "t", "v", "--local", address}).exit_code == 0);
  CHECK(serving.interrupt_and_wait() == 130);
}

TEST_CASE("serve-topics writes records and its ready file under -o json") {
  const TempDirectory folder;
  const std::string file = folder.file("ready");
  Command serving(serve({"-o", "json", "--ready-file", file}));
  serving.out().wait_for_lines(1);
  const auto ready = serving.records().at(0);
  CHECK(ready["type"] == "ready");
  REQUIRE(eventually([&] { return content_of(file) == ready["where"].get<std::string>() + "\n"; }));
  CHECK(must(client_of(ready["where"]).list_caches()).size() == 1);
  CHECK(serving.interrupt_and_wait() == 130);
  CHECK(serving.records().back() ==
        nlohmann::json{{"type", "summary"}, {"delivered", 0}, {"failed", 0}, {"never_sent", 0}});
}

TEST_CASE("serve-topics shows every delivery with one id and counts them at the end") {
  const HttpEndpoint good;
  const HttpEndpoint bad([](auto&, auto& response) { response.status = 500; });
  Command serving(serve({"--cache", k_cache}));
  const auto client = client_of(endpoint_of(serving));
  must(client.put_webhook({{k_cache, "good"}, "t", good.url()}));
  must(client.put_webhook({{k_cache, "bad"}, "u", bad.url()}));
  must(client.publish(k_cache, "t", Value::text("x")));
  serving.out().wait_for("<-- [200] POST " + good.url());
  must(client.publish(k_cache, "u", Value::text("x")));
  serving.out().wait_for("<-- [500] POST " + bad.url());
  const auto signature = good.requests().at(0).get_header_value("momento-signature");
  serving.out().wait_for("--> t #1 [" + signature.substr(0, 8) + "]\n");
  CHECK(serving.interrupt_and_wait() == 130);
  CHECK(
      contains(serving.err().text(), "webhook deliveries: 1 delivered, 1 failed, 0 never sent\n"));
}

TEST_CASE("serve-topics writes one record per delivery under -o json") {
  const HttpEndpoint endpoint;
  Command serving(serve({"--cache", k_cache, "-o", "json"}));
  const auto client = client_of(endpoint_of(serving));
  must(client.put_webhook({{k_cache, "hook"}, "t", endpoint.url()}));
  must(client.publish(k_cache, "t", Value::text("x")));
  serving.out().wait_for_lines(2);
  CHECK(serving.interrupt_and_wait() == 130);
  const auto records = serving.records();
  REQUIRE(records.size() == 3);
  CHECK(records[1]["type"] == "delivery");
  CHECK(records[1]["webhook"] == "hook");
  CHECK(records[1]["delivered"] == true);
  CHECK(records[1]["topic_sequence_number"] == 1);
  CHECK(records[2] ==
        nlohmann::json{{"type", "summary"}, {"delivered", 1}, {"failed", 0}, {"never_sent", 0}});
}

TEST_CASE("serve-topics says which address it cannot have and why") {
  const Service service;
  const Outcome outcome =
      run_command({"serve-topics", "--listen", service.broker.endpoint(), "-o", "json"});
  CHECK(outcome.exit_code == 4);
  CHECK(contains(outcome.err, service.broker.endpoint()));
  CHECK(contains(outcome.err, "in use"));
  CHECK(outcome.records().at(0)["exit_code"] == 4);
}

TEST_CASE("a ready file that cannot be written ends serve-topics with 3") {
  const Outcome outcome = run_command(serve({"--ready-file", "/nonexistent/ready", "-o", "json"}));
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, "/nonexistent/ready"));
  // It has not said before that it was ready.
  CHECK(outcome.records().at(0)["type"] == "error");
  CHECK_FALSE(contains(outcome.err, "serving"));
}
