// SPDX-License-Identifier: Apache-2.0
#include "broker/webhooks.hpp"
#include "support/http_endpoint.hpp"
#include "support/webhook_service.hpp"
#include "webhook/event.hpp"
#include "webhook/signature.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace topicloop;
using namespace topicloop::test;
using broker::DeliveriesLost;
using broker::DeliveryFinished;

namespace {

model::WebhookEvent event_of(const httplib::Request& request) {
  return must(webhook::parse_event(request.body));
}

// Holds an endpoint's answers back until it is opened.
class Gate {
public:
  // Not for ever, or a failed test would hang.
  void wait() { opened_.wait_for(k_patience); }
  void open() { promise_.set_value(); }

private:
  std::promise<void> promise_;
  std::shared_future<void> opened_ = promise_.get_future().share();
};

}  // namespace

TEST_CASE("each message of the topic is sent once, signed with the webhook's secret") {
  HttpEndpoint endpoint;
  WebhookService hooks;
  const std::string secret = hooks.put("w", "topic 1", endpoint.url("/hook"));
  hooks.service.publish("topic 1", "héllo \"you\"");
  hooks.service.publish("other", "not mine");
  const auto finished = hooks.finished(1);
  CHECK(finished[0].outcome.delivered());
  CHECK(finished[0].sent.sequence_number == 1);

  const auto requests = endpoint.requests();
  REQUIRE(requests.size() == 1);
  const auto& request = requests[0];
  CHECK(request.path == "/hook");
  CHECK(request.get_header_value("content-type") == "application/json");
  CHECK(request.get_header_value("user-agent") ==
        "Momento/1.0 (Webhooks; +https://docs.momentohq.com/topics/webhooks)");
  CHECK(request.get_header_value("momento-signature") ==
        webhook::Signer(secret).sign(request.body));
  const auto event = event_of(request);
  CHECK(event.cache == k_cache);
  CHECK(event.topic == "topic 1");
  CHECK(event.topic_sequence_number == 1);
  CHECK(event.token_id.empty());
  CHECK(event.text == "héllo \"you\"");
  CHECK(event.publish_timestamp >= event.event_timestamp);
  CHECK(request.body == webhook::to_json(event));
}

TEST_CASE("a binary message is sent as base64 and says so in a header") {
  HttpEndpoint endpoint;
  WebhookService hooks;
  hooks.put("w", "t", endpoint.url());
  must(hooks.service.client.publish(k_cache, "t", model::Value::binary("\xFF\x01")));
  hooks.finished(1);
  CHECK(event_of(endpoint.requests()[0]).text == "/wE=");
  CHECK(endpoint.requests()[0].get_header_value("topicloop-text-encoding") == "base64");
}

TEST_CASE("a webhook gets what is published after it was made") {
  HttpEndpoint endpoint;
  WebhookService hooks;
  hooks.service.publish("t", "before");
  hooks.put("w", "t", endpoint.url());
  hooks.service.publish("t", "after");
  hooks.finished(1);
  CHECK(event_of(endpoint.requests()[0]).text == "after");
}

TEST_CASE("every webhook and every subscriber of a topic gets the message") {
  HttpEndpoint one;
  HttpEndpoint two;
  WebhookService hooks;
  hooks.put("one", "t", one.url());
  hooks.put("two", "t", two.url());
  auto subscription = hooks.service.subscribe("t");
  hooks.service.publish("t", "x");
  hooks.finished(2);
  CHECK(one.requests().size() == 1);
  CHECK(two.requests().size() == 1);
  CHECK(next_message(subscription).value.bytes == "x");
}

TEST_CASE("a failed delivery is attempted once and reported with its reason") {
  HttpEndpoint failing([](auto&, auto& response) { response.status = 503; });
  HttpEndpoint moved([](auto&, auto& response) { response.set_redirect("/elsewhere"); });
  std::string dead_url;
  {
    HttpEndpoint dead;
    dead_url = dead.url();
  }
  WebhookService hooks;
  hooks.put("failing", "t", failing.url());
  hooks.put("moved", "t", moved.url());
  hooks.put("dead", "t", dead_url);
  hooks.service.publish("t", "x");
  for (const auto& done : hooks.finished(3)) {
    INFO(done.sent.webhook.id.name);
    CHECK_FALSE(done.outcome.delivered());
    if (done.sent.webhook.id.name == "failing") CHECK(done.outcome.status == 503);
    if (done.sent.webhook.id.name == "moved") CHECK(done.outcome.status == 302);
    if (done.sent.webhook.id.name == "dead") CHECK(done.outcome.error == "connection refused");
  }
  CHECK(failing.requests().size() == 1);
  CHECK(moved.requests().size() == 1);
}

TEST_CASE("an endpoint that does not answer in time has failed") {
  Gate gate;
  HttpEndpoint slow([&](auto&, auto&) { gate.wait(); });
  auto options = options_for_tests();
  options.webhook_timeout = std::chrono::milliseconds(50);
  WebhookService hooks(std::move(options));
  hooks.put("w", "t", slow.url());
  hooks.service.publish("t", "x");
  const auto done = hooks.finished(1);
  CHECK(done[0].outcome.status == 0);
  CHECK_FALSE(done[0].outcome.error.empty());
  gate.open();
}

TEST_CASE("a stuck endpoint delays neither publishers nor other webhooks and loses only its own") {
  Gate gate;
  HttpEndpoint stuck([&](auto&, auto&) { gate.wait(); });
  HttpEndpoint quick;
  auto options = options_for_tests();
  options.webhook_concurrency = 2;
  options.retention.messages = 5;
  options.webhook_timeout = k_patience;
  WebhookService hooks(std::move(options));
  hooks.put("stuck", "t", stuck.url());
  hooks.put("quick", "t", quick.url());
  for (std::size_t i = 1; i <= 20; ++i) {
    hooks.service.publish("t", "x");
    hooks.finished(i);  // The quick one keeps up.
  }
  CHECK(quick.requests().size() == 20);
  gate.open();
  // 2 were under way, 5 were still there, 13 in between are lost.
  hooks.finished(20 + 2 + 5);
  const auto lost = hooks.lost();
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].webhook.id.name == "stuck");
  CHECK(lost[0].first == 3);
  CHECK(lost[0].last == 15);
}

TEST_CASE("with a concurrency of one the messages arrive in order") {
  HttpEndpoint endpoint;
  auto options = options_for_tests();
  options.webhook_concurrency = 1;
  WebhookService hooks(std::move(options));
  hooks.put("w", "t", endpoint.url());
  for (int i = 1; i <= 50; ++i)
    hooks.service.publish("t", std::to_string(i));
  hooks.finished(50);
  const auto requests = endpoint.requests();
  REQUIRE(requests.size() == 50);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    CHECK(event_of(requests[i]).topic_sequence_number == i + 1);
  }
}

TEST_CASE("put updates a webhook and keeps its secret; rotate changes it at once") {
  HttpEndpoint first;
  HttpEndpoint second;
  WebhookService hooks;
  const std::string secret = hooks.put("w", "t", first.url());
  CHECK(hooks.put("w", "u", second.url()) == secret);
  CHECK(must(hooks.service.client.webhook_secret({k_cache, "w"})) == secret);
  hooks.service.publish("t", "nobody listens");
  hooks.service.publish("u", "x");
  hooks.finished(1);
  CHECK(first.requests().empty());
  REQUIRE(second.requests().size() == 1);

  const std::string rotated = must(hooks.service.client.rotate_webhook_secret({k_cache, "w"}));
  CHECK(rotated != secret);
  CHECK(must(hooks.service.client.webhook_secret({k_cache, "w"})) == rotated);
  hooks.service.publish("u", "y");
  hooks.finished(2);
  const auto request = second.requests()[1];
  CHECK(request.get_header_value("momento-signature") ==
        webhook::Signer(rotated).sign(request.body));
}

TEST_CASE("webhooks are listed by cache and gone once deleted") {
  HttpEndpoint endpoint;
  WebhookService hooks;
  must(hooks.service.client.create_cache("other"));
  hooks.put("b", "t", endpoint.url());
  hooks.put("a", "t", endpoint.url());
  const auto listed = must(hooks.service.client.list_webhooks(k_cache));
  REQUIRE(listed.size() == 2);
  CHECK(listed[0] == model::Webhook{{k_cache, "a"}, "t", endpoint.url()});
  CHECK(listed[1].id.name == "b");
  CHECK(must(hooks.service.client.list_webhooks("other")).empty());

  must(hooks.service.client.delete_webhook({k_cache, "a"}));
  CHECK(hooks.service.client.delete_webhook({k_cache, "a"}).error().kind == ErrorKind::NotFound);
  hooks.service.publish("t", "x");
  hooks.finished(1);
  CHECK(endpoint.requests().size() == 1);
}

TEST_CASE("webhooks that cannot be are refused by name") {
  WebhookService hooks;
  const auto& client = hooks.service.client;
  CHECK(client.put_webhook({{"missing", "w"}, "t", "http://127.0.0.1:1/"}).error().kind ==
        ErrorKind::NotFound);
  const auto bad_url = client.put_webhook({{k_cache, "w"}, "t", "someurl.com"});
  REQUIRE_FALSE(bad_url);
  CHECK(bad_url.error().kind == ErrorKind::InvalidArgument);
  CHECK(bad_url.error().message.find("someurl.com") != std::string::npos);
  CHECK(client.put_webhook({{k_cache, " "}, "t", "http://127.0.0.1:1/"}).error().kind ==
        ErrorKind::InvalidArgument);
  CHECK(client.put_webhook({{k_cache, "w"}, "", "http://127.0.0.1:1/"}).error().kind ==
        ErrorKind::InvalidArgument);
  CHECK(client.webhook_secret({k_cache, "none"}).error().kind == ErrorKind::NotFound);
  CHECK(client.list_webhooks("missing").error().kind == ErrorKind::NotFound);
}

TEST_CASE("deleting a cache deletes its webhooks") {
  HttpEndpoint endpoint;
  WebhookService hooks;
  hooks.put("w", "t", endpoint.url());
  must(hooks.service.client.delete_cache(k_cache));
  must(hooks.service.client.create_cache(k_cache));
  CHECK(must(hooks.service.client.list_webhooks(k_cache)).empty());
}

TEST_CASE("shutdown waits a little for deliveries under way") {
  Gate gate;
  std::promise<void> arrived;
  HttpEndpoint endpoint([&](auto&, auto&) {
    arrived.set_value();
    gate.wait();
  });
  auto options = options_for_tests();
  options.drain = k_patience;
  WebhookService hooks(std::move(options));
  hooks.put("w", "t", endpoint.url());
  hooks.service.publish("t", "x");
  arrived.get_future().wait();
  auto stopping = std::async(std::launch::async, [&] { hooks.service.broker.stop(); });
  gate.open();
  stopping.wait();
  const auto done = hooks.finished(1);
  CHECK(done[0].outcome.delivered());
}

TEST_CASE("shutdown does not wait for ever and reports what was never sent") {
  Gate gate;
  HttpEndpoint stuck([&](auto&, auto&) { gate.wait(); });
  auto options = options_for_tests();
  options.webhook_concurrency = 1;
  options.drain = std::chrono::milliseconds(50);
  WebhookService hooks(std::move(options));
  hooks.put("w", "t", stuck.url());
  for (int i = 0; i < 3; ++i)
    hooks.service.publish("t", "x");
  hooks.service.broker.stop();
  const auto done = hooks.finished(1);
  CHECK(done[0].outcome.aborted);
  const auto lost = hooks.lost();
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].first == 2);
  CHECK(lost[0].last == 3);
  gate.open();
}
