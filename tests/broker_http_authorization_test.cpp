// SPDX-License-Identifier: Apache-2.0
// Every route of the HTTP port, for callers of every kind.
#include "broker/key.hpp"
#include "support/http_service.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using model::NameSelector;
using model::TopicRole;

namespace {

constexpr const char* k_secret = "the secret of the service under test";

broker::BrokerOptions guarded() {
  auto options = http_options_for_tests();
  options.access = {.required = true, .secret = k_secret};
  options.http_poll_timeout = std::chrono::milliseconds(1);
  return options;
}

std::string key_for(model::Permissions permissions, const std::string& secret = k_secret,
                    std::chrono::seconds valid = std::chrono::hours(1)) {
  const auto now = std::chrono::system_clock::now();
  return broker::sign_key({.permissions = std::move(permissions),
                           .token_id = "desk 7",
                           .issued_at = now - std::chrono::hours(9),
                           .expires_at = now + valid},
                          secret);
}

model::Permissions role_on(TopicRole role) {
  return {.topics = {{role, {}, {NameSelector::Kind::Exact, "t"}}}};
}

const model::Permissions k_super_user{.super_user = true};

struct Route {
  const char* method;
  const char* target;
  int answer;
};

const std::vector<Route> k_topic_routes = {{"POST", "/topics/cache/t", 204},
                                           {"GET", "/topics/cache/t", 200}};
const std::vector<Route> k_administration = {{"GET", "/metrics", 200},  {"GET", "/state", 200},
                                             {"GET", "/block", 200},    {"POST", "/block", 200},
                                             {"GET", "/unblock", 200},  {"POST", "/unblock", 200},
                                             {"POST", "//unblock", 200}};

// By header and by query; they must agree.
int status_for(const HttpService& service, const Route& route, const std::string& key) {
  if (key.empty()) return service.request(route.method, route.target).status;
  const int status =
      service.request(route.method, route.target, "", {{"Authorization", key}}).status;
  const std::string query = std::string(route.target) + "?token=" + key;
  CHECK(service.request(route.method, query).status == status);
  return status;
}

}  // namespace

TEST_CASE("every route but health wants a key that is good") {
  const HttpService service(guarded());
  auto routes = k_topic_routes;
  routes.insert(routes.end(), k_administration.begin(), k_administration.end());
  for (const auto& route : routes) {
    CAPTURE(route.method, route.target);
    CHECK(status_for(service, route, "") == 401);
    CHECK(status_for(service, route, "no-key-at-all") == 401);
    CHECK(status_for(service, route, key_for(k_super_user, "somebody else's secret, as long")) ==
          401);
    CHECK(status_for(service, route, key_for(k_super_user, k_secret, std::chrono::hours(-1))) ==
          401);
    CHECK(status_for(service, route, key_for(k_super_user)) == route.answer);
  }
  CHECK(service.get("/healthz").status == 200);
  CHECK(service.get("/readyz").status == 200);
}

TEST_CASE("a key for a topic permits what its role says and no administration") {
  const HttpService service(guarded());
  const Route& post = k_topic_routes[0];
  const Route& poll = k_topic_routes[1];
  CHECK(status_for(service, post, key_for(role_on(TopicRole::WriteOnly))) == 204);
  CHECK(status_for(service, poll, key_for(role_on(TopicRole::WriteOnly))) == 403);
  CHECK(status_for(service, post, key_for(role_on(TopicRole::ReadOnly))) == 403);
  CHECK(status_for(service, poll, key_for(role_on(TopicRole::ReadOnly))) == 200);
  const Route other{"POST", "/topics/cache/other", 204};
  CHECK(status_for(service, other, key_for(role_on(TopicRole::ReadWrite))) == 403);
  for (const auto& route : k_administration) {
    CAPTURE(route.method, route.target);
    CHECK(status_for(service, route, key_for(role_on(TopicRole::ReadWrite))) == 403);
  }
}

TEST_CASE("a poll does not outlive its key") {
  auto options = guarded();
  options.http_poll_timeout = std::chrono::hours(1);
  const HttpService service(std::move(options));
  const httplib::Headers admin{{"Authorization", key_for(k_super_user)}};
  // Whole seconds: it lasts between two and three of them.
  const std::string key = key_for(k_super_user, k_secret, std::chrono::seconds(3));
  auto poll = std::async(std::launch::async, [&] {
    return service.get("/topics/cache/t", {{"Authorization", key}});
  });
  REQUIRE(eventually([&] {
    const auto topics = service.get("/state", admin).json()["caches"][0]["topics"];
    return !topics.empty() && topics[0]["subscribers"] == 1;
  }));
  REQUIRE(eventually([&] {
    return service.get("/state", {{"Authorization", key}}).status == 401;
  }));
  CHECK(service.request("POST", "/topics/cache/t", "secret", admin).status == 204);
  const auto answer = poll.get();
  CHECK(answer.status == 401);
  CHECK(answer.body.find("secret") == std::string::npos);
}

TEST_CASE("a key that is given twice is refused") {
  const HttpService service(guarded());
  const std::string key = key_for(k_super_user);
  const auto answer =
      service.request("POST", "/topics/cache/t?token=" + key, "x", {{"Authorization", key}});
  CHECK(answer.status == 400);
}

TEST_CASE("web pages are refused the switches, whatever key they have") {
  const HttpService service;
  for (const auto& header :
       {std::pair{"Origin", "http://example.com"}, std::pair{"Sec-Fetch-Site", "cross-site"},
        std::pair{"Sec-Fetch-Site", "same-site"}}) {
    CAPTURE(header.first, header.second);
    CHECK(service.request("GET", "/block", "", {header}).status == 403);
    CHECK(service.request("POST", "/block", "", {header}).status == 403);
  }
  CHECK(service.request("GET", "/state", "", {{"Sec-Fetch-Site", "none"}}).status == 200);
  CHECK(service.get("/readyz").status == 200);
}

TEST_CASE(
    "where keys are not required the switches and the state are refused to hosts of the internet") {
  const HttpService service;
  for (const char* target : {"/block", "/unblock", "/state"}) {
    CAPTURE(target);
    CHECK(service.get(target, {{"Host", "example.com"}}).status == 403);
    CHECK(service.get(target, {{"Host", "example.com"}, {"Authorization", "key"}}).status == 403);
    CHECK(service.get(target, {{"Host", "localhost:9090"}}).status == 200);
  }
  CHECK(service.get("/readyz", {{"Host", "example.com"}}).status == 200);
  CHECK(service.get("/metrics", {{"Host", "host.docker.internal:9090"}}).status == 200);
  CHECK(service.get("/topics/cache/t?sequence_number=x", {{"Host", "a.b"}}).status == 400);
  const HttpService strict(guarded());
  const httplib::Headers allowed{{"Host", "example.com"}, {"Authorization", key_for(k_super_user)}};
  CHECK(strict.get("/state", allowed).status == 200);
}
