// SPDX-License-Identifier: Apache-2.0
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::string_literals;
using model::Value;

namespace {

const model::Webhook k_upper{{k_cache, "upper"}, "topic 1", "http://127.0.0.1:1/"};

}  // namespace

TEST_CASE("a message goes through the webhook to every topic it is published to") {
  const Service service;
  auto two = service.subscribe("topic 2");
  auto three = service.subscribe("topic 3");
  WebhookCommand webhook(
      at(service, {"--register", "topic 1", "--transform", "upper", "--publish-to", "topic 2",
                   "--publish-to", "topic 3", "-o", "json"}));
  CHECK(contains(webhook.url(), "http://127.0.0.1:"));
  webhook.err().wait_for("  registered for \"topic 1\"\n");
  service.publish("topic 1", "straße");
  CHECK(next_message(two).value == Value::text("STRASSE"));
  CHECK(next_message(three).value == Value::text("STRASSE"));
  CHECK(webhook.interrupt_and_wait() == 130);
  const auto records = webhook.records();
  REQUIRE(records.size() == 4);
  CHECK(records[1]["event"]["topic"] == "topic 1");
  CHECK(records[1]["event"]["text"] == "straße");
  CHECK(records[2]["status"] == 200);
  CHECK(records[3] == nlohmann::json{{"type", "summary"}, {"accepted", 1}, {"refused", 0}});
}

TEST_CASE("bytes go through the webhook as they are") {
  const Service service;
  auto two = service.subscribe("topic 2");
  WebhookCommand webhook(
      at(service, {"--register", "topic 1", "--transform", "upper", "--publish-to", "topic 2"}));
  webhook.err().wait_for("registered");
  must(service.client.publish(k_cache, "topic 1", Value::binary("a\0\xFF"s)));
  CHECK(next_message(two).value == Value::binary("a\0\xFF"s));
}

TEST_CASE("a registered receiver refuses requests the service did not sign") {
  const Service service;
  WebhookCommand webhook(at(service, {"--register", "topic 1"}));
  webhook.err().wait_for("registered");
  CHECK(webhook.send(unsigned_post("/", webhook::to_json(event_now("hello")))) == 401);
  CHECK(webhook.send(signed_post("/", event_now("hello"), "guessed")) == 403);
  const auto secret = must(service.client.webhook_secret({k_cache, "topicloop-topic-1"}));
  CHECK(webhook.send(signed_post("/", event_now("hello"), secret)) == 200);
}

TEST_CASE("a webhook that was created for the command goes with it") {
  const Service service;
  WebhookCommand webhook(at(service, {"--register", "topic 1", "--webhook", "mine"}));
  const std::string url = webhook.url();
  webhook.err().wait_for("registered");
  CHECK(must(service.client.list_webhooks(k_cache)) ==
        std::vector<model::Webhook>{{{k_cache, "mine"}, "topic 1", url}});
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK(must(service.client.list_webhooks(k_cache)).empty());
}

TEST_CASE("a webhook that was there before points here for as long and keeps its secret") {
  const Service service;
  const std::string secret = must(service.client.put_webhook(k_upper));
  WebhookCommand webhook(at(service, {"--register", "topic 1", "--webhook", "upper"}));
  webhook.err().wait_for("registered");
  CHECK(webhook.send(signed_post("/", event_now("hello"), secret)) == 200);
  CHECK(must(service.client.list_webhooks(k_cache)) ==
        std::vector<model::Webhook>{{k_upper.id, "topic 1", webhook.url()}});
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK(must(service.client.list_webhooks(k_cache)) == std::vector<model::Webhook>{k_upper});
  CHECK(must(service.client.webhook_secret(k_upper.id)) == secret);
}

TEST_CASE("the public URL is registered instead of the local one") {
  const Service service;
  WebhookCommand webhook(
      at(service, {"--register", "topic 1", "--public-url", "https://example.ngrok.app/hook"}));
  webhook.err().wait_for("registered");
  CHECK(must(service.client.list_webhooks(k_cache)).at(0).url == "https://example.ngrok.app/hook");
}

TEST_CASE("the secret of a webhook on the service can be used without registering") {
  const Service service;
  const std::string secret = must(service.client.put_webhook(k_upper));
  WebhookCommand webhook(at(service, {"--webhook", "upper"}));
  CHECK(webhook.send(signed_post("/", event_now("hello"), secret)) == 200);
  CHECK(webhook.send(signed_post("/", event_now("hello"), "guessed")) == 403);
  CHECK(must(service.client.list_webhooks(k_cache)) == std::vector<model::Webhook>{k_upper});
}

TEST_CASE("a webhook the service does not know ends serve-webhook with 5") {
  const Service service;
  const Outcome outcome =
      run_command(at(service, WebhookCommand::with({"--webhook", "nope", "-o", "json"})));
  CHECK(outcome.exit_code == 5);
  CHECK(contains(outcome.err, "nope"));
  CHECK(outcome.records().back()["exit_code"] == 5);
}

TEST_CASE("an event that cannot be published on is answered with 502 and counts as refused") {
  const Service service;
  WebhookCommand webhook({"--no-verify", "--publish-to", "topic 2", "--local",
                          service.broker.endpoint(), "--cache", "nope", "-o", "json"});
  RawClient client(webhook.port());
  client.send(unsigned_post("/", webhook::to_json(event_now("hello"))));
  const std::string answer = client.receive_until("}");
  CHECK(status_of(answer) == 502);
  CHECK(contains(answer, R"({"status":"error","reason":"publishing to \"topic 2\" failed"})"));
  CHECK(webhook.interrupt_and_wait() == 130);
  const auto records = webhook.records();
  CHECK(records_of(records, "request").at(0)["event"]["text"] == "hello");
  const auto response = records_of(records, "response").at(0);
  CHECK(response["status"] == 502);
  CHECK(contains(response["reason"], "publishing to \"topic 2\" failed: "));
  CHECK(contains(response["reason"], "nope"));
  CHECK(records.back() == nlohmann::json{{"type", "summary"}, {"accepted", 0}, {"refused", 1}});
}
