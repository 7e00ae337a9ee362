// SPDX-License-Identifier: Apache-2.0
#include "broker/key.hpp"
#include "support/condition.hpp"
#include "support/service.hpp"
#include "support/webhook_target.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <functional>

using namespace topicloop;
using namespace topicloop::test;
using model::NameSelector;
using model::TopicRole;
using model::Value;

namespace {

constexpr const char* k_secret = "the secret of the service under test";

broker::BrokerOptions guarded() {
  auto options = options_for_tests();
  options.access = {.required = true, .secret = k_secret};
  options.heartbeat_period = std::chrono::milliseconds(20);
  return options;
}

std::string key_for(model::Permissions permissions, const std::string& token_id = "",
                    std::chrono::milliseconds valid = std::chrono::hours(1),
                    const std::string& secret = k_secret) {
  const auto now = std::chrono::system_clock::now();
  return broker::sign_key({.permissions = std::move(permissions),
                           .token_id = token_id,
                           .issued_at = now,
                           .expires_at = now + valid},
                          secret);
}

const model::Permissions k_super_user{.super_user = true};

model::Permissions role_on(TopicRole role, const std::string& topic) {
  return {.topics = {{role, {}, {NameSelector::Kind::Exact, topic}}}};
}

topic::Client client_with(const Service& service, const std::string& key) {
  topic::ConnectionOptions options;
  options.endpoint = service.broker.endpoint();
  options.timeout = k_patience;
  options.api_key = key;
  return must(topic::Client::connect(options));
}

template <typename T>
std::optional<ErrorKind> kind_of(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().kind;
}

struct Method {
  const char* name;
  // What it ended with; nothing if it succeeded.
  std::function<std::optional<ErrorKind>(const topic::Client&)> call;
};

const std::vector<Method> k_topic_methods = {
    {"Publish",
     [](auto& client) { return kind_of(client.publish(k_cache, "t", Value::text(""))); }},
    {"Subscribe", [](auto& client) { return kind_of(client.subscribe(k_cache, "t")); }}};

// In an order in which all succeed.
const std::vector<Method> k_administration = {
    {"CreateCache", [](auto& client) { return kind_of(client.create_cache("new")); }},
    {"FlushCache", [](auto& client) { return kind_of(client.flush_cache("new")); }},
    {"DeleteCache", [](auto& client) { return kind_of(client.delete_cache("new")); }},
    {"ListCaches", [](auto& client) { return kind_of(client.list_caches()); }},
    {"PutWebhook",
     [](auto& client) {
       return kind_of(client.put_webhook({{k_cache, "w"}, "t", "http://x"}));
     }},
    {"ListWebhooks", [](auto& client) { return kind_of(client.list_webhooks(k_cache)); }},
    {"GetWebhookSecret",
     [](auto& client) {
       return kind_of(client.webhook_secret({k_cache, "w"}));
     }},
    {"RotateWebhookSecret",
     [](auto& client) {
       return kind_of(client.rotate_webhook_secret({k_cache, "w"}));
     }},
    {"DeleteWebhook",
     [](auto& client) {
       return kind_of(client.delete_webhook({k_cache, "w"}));
     }},
    {"GenerateDisposableToken", [](auto& client) {
       return kind_of(client.generate_disposable_token(
           {.permissions = k_super_user, .valid_for = std::chrono::seconds(60)}));
     }}};

void check_all(const std::vector<Method>& methods, const topic::Client& client,
               std::optional<ErrorKind> expected) {
  for (const auto& method : methods) {
    INFO(method.name);
    CHECK(method.call(client) == expected);
  }
}

}  // namespace

TEST_CASE("every method but ping refuses a caller without a key of this service") {
  const Service service(guarded());
  const std::string keys[] = {"", "nonsense",
                              key_for(k_super_user, "", std::chrono::hours(1), "another secret"),
                              key_for(k_super_user, "", std::chrono::hours(-1))};
  for (const auto& key : keys) {
    const auto client = client_with(service, key);
    check_all(k_topic_methods, client, ErrorKind::Unauthenticated);
    check_all(k_administration, client, ErrorKind::Unauthenticated);
    CHECK(client.ping());
  }
}

TEST_CASE("every method refuses a key that does not permit it") {
  const Service service(guarded());
  const auto elsewhere = client_with(service, key_for(role_on(TopicRole::ReadWrite, "other")));
  check_all(k_topic_methods, elsewhere, ErrorKind::PermissionDenied);
  const auto topics_only = client_with(service, key_for(role_on(TopicRole::ReadWrite, "t")));
  check_all(k_administration, topics_only, ErrorKind::PermissionDenied);
}

TEST_CASE("every method serves a super user") {
  const Service service(guarded());
  const auto client = client_with(service, key_for(k_super_user));
  check_all(k_topic_methods, client, std::nullopt);
  check_all(k_administration, client, std::nullopt);
}

TEST_CASE("a key for reading subscribes and does not publish, and one for writing the reverse") {
  const Service service(guarded());
  const auto reader = client_with(service, key_for(role_on(TopicRole::ReadOnly, "t")));
  const auto writer = client_with(service, key_for(role_on(TopicRole::WriteOnly, "t")));
  CHECK(writer.subscribe(k_cache, "t").error().kind == ErrorKind::PermissionDenied);
  CHECK(reader.publish(k_cache, "t", Value::text("")).error().kind == ErrorKind::PermissionDenied);
  auto subscription = must(reader.subscribe(k_cache, "t"));
  must(writer.publish(k_cache, "t", Value::text("hello")));
  CHECK(next_message(subscription).value.bytes == "hello");
}

TEST_CASE("who may not use a cache does not learn whether it exists") {
  const Service service(guarded());
  const auto client = client_with(service, key_for({}));
  for (const char* cache : {k_cache, "missing"}) {
    CHECK(client.publish(cache, "t", Value::text("")).error().kind == ErrorKind::PermissionDenied);
    CHECK(client.subscribe(cache, "t").error().kind == ErrorKind::PermissionDenied);
  }
}

TEST_CASE("a refusal names topic and cache and never repeats the key") {
  const Service service(guarded());
  const std::string key = key_for({});
  const auto refused = client_with(service, key).publish(k_cache, "topic 1", Value::text(""));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("\"topic 1\"") != std::string::npos);
  CHECK(refused.error().message.find(key.substr(0, 10)) == std::string::npos);
}

TEST_CASE("an open subscription ends when its key expires") {
  const Service service(guarded());
  // Whole seconds: it lasts between two and three of them.
  const auto client =
      client_with(service, key_for(k_super_user, "", std::chrono::milliseconds(3'000)));
  auto subscription = must(client.subscribe(k_cache, "t"));
  auto lasting = must(client_with(service, key_for(k_super_user)).subscribe(k_cache, "t"));
  const Error end = end_of(subscription);
  CHECK(end.kind == ErrorKind::Unauthenticated);
  CHECK(end.message.find("expired") != std::string::npos);
  CHECK(next_event(lasting) == model::SubscriptionEvent(model::Heartbeat{}));
}

TEST_CASE("subscribers and webhooks are told whose key a message was published with") {
  for (const bool required : {true, false}) {
    auto options = guarded();
    options.access.required = required;
    const Service service(std::move(options));
    const auto admin = client_with(service, key_for(k_super_user));
    WebhookTarget target;
    target.receiver().set_secrets(
        {must(admin.put_webhook({{k_cache, "w"}, "t", target.receiver().url()}))});
    auto subscription = must(admin.subscribe(k_cache, "t"));

    const auto publisher = client_with(service, key_for(role_on(TopicRole::WriteOnly, "t"), "me"));
    must(publisher.publish(k_cache, "t", Value::text("1")));
    must(admin.publish(k_cache, "t", Value::text("2")));

    CHECK(next_message(subscription).publisher_id == "me");
    CHECK(next_message(subscription).publisher_id.empty());
    REQUIRE(eventually([&] { return target.received().size() == 2; }));
    for (const auto& received : target.received()) {
      CHECK(received.event.token_id == (received.event.text == "1" ? "me" : ""));
    }
  }
}

TEST_CASE("a disposable token does what it was made for, under its own id") {
  const Service service(guarded());
  const auto admin = client_with(service, key_for(k_super_user));
  const auto token =
      must(admin.generate_disposable_token({.permissions = role_on(TopicRole::WriteOnly, "t"),
                                            .token_id = "desk 7",
                                            .valid_for = std::chrono::seconds(60)}));
  CHECK(token.endpoint == service.broker.endpoint());
  CHECK(token.expires_at > std::chrono::system_clock::now());
  auto subscription = must(admin.subscribe(k_cache, "t"));
  const auto client = client_with(service, token.api_key);
  must(client.publish(k_cache, "t", Value::text("x")));
  CHECK(next_message(subscription).publisher_id == "desk 7");
  CHECK(client.publish(k_cache, "u", Value::text("")).error().kind == ErrorKind::PermissionDenied);
  CHECK(client.subscribe(k_cache, "t").error().kind == ErrorKind::PermissionDenied);
  check_all(k_administration, client, ErrorKind::PermissionDenied);
}

TEST_CASE("a key may say more than fits the usual size of headers") {
  const Service service(guarded());
  model::Permissions permissions;
  for (int i = 0; i < 300; ++i) {
    permissions.topics.push_back(
        {TopicRole::ReadOnly, {}, {NameSelector::Kind::Exact, "topic " + std::to_string(i)}});
  }
  const std::string key = key_for(permissions);
  CHECK(key.size() > 20'000);
  const auto client = client_with(service, key);
  CHECK(client.subscribe(k_cache, "topic 299"));
  CHECK(client.subscribe(k_cache, "topic 300").error().kind == ErrorKind::PermissionDenied);
}

TEST_CASE("a service that requires no keys takes any and gives tokens to anybody") {
  const Service service;
  const auto client = client_with(service, "whatever");
  check_all(k_topic_methods, client, std::nullopt);
  check_all(k_administration, client, std::nullopt);
}
