// SPDX-License-Identifier: Apache-2.0
// Webhooks that fail on purpose, and the limits on them.
#include "support/http_endpoint.hpp"
#include "support/webhook_service.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;

namespace {

broker::BrokerOptions with_fault(const broker::FaultRule& rule) {
  auto options = options_for_tests();
  options.faults = {{broker::FaultTarget::Webhook, rule}};
  return options;
}

broker::BrokerOptions with_limits(const broker::Limits& limits) {
  auto options = options_for_tests();
  options.limits = limits;
  return options;
}

ErrorKind refusal(const WebhookService& hooks, const std::string& name, const std::string& url) {
  const auto put = hooks.service.client.put_webhook({{k_cache, name}, "t", url});
  REQUIRE_FALSE(put);
  return put.error().kind;
}

}  // namespace

TEST_CASE("an injected webhook error is reported without the endpoint being called") {
  broker::FaultRule rule;
  rule.error = 503;
  rule.error_count = 1;
  const HttpEndpoint endpoint;
  WebhookService hooks(with_fault(rule));
  hooks.put("w", "t", endpoint.url());
  hooks.service.publish("t", "1");
  hooks.service.publish("t", "2");

  const auto finished = hooks.finished(2);
  CHECK(finished[0].sent.sequence_number == 1);
  CHECK(finished[0].outcome.status == 503);
  CHECK(finished[0].outcome.error == "injected, the endpoint was not called");
  CHECK_FALSE(finished[0].outcome.delivered());
  CHECK(finished[1].sent.sequence_number == 2);
  CHECK(finished[1].outcome.delivered());
  CHECK(endpoint.requests().size() == 1);
}

TEST_CASE("a delayed delivery is made when its delay is over") {
  broker::FaultRule rule;
  rule.delay = 30ms;
  const HttpEndpoint endpoint;
  WebhookService hooks(with_fault(rule));
  hooks.put("w", "t", endpoint.url());
  hooks.service.publish("t", "1");
  CHECK(hooks.finished(1)[0].outcome.delivered());
}

TEST_CASE("a delayed delivery holds its place, and is made at the end of the service") {
  broker::FaultRule rule;
  rule.delay = 1h;
  rule.delay_count = 1;
  auto options = with_fault(rule);
  options.webhook_concurrency = 2;
  options.drain = k_patience;
  const HttpEndpoint endpoint;
  WebhookService hooks(std::move(options));
  hooks.put("w", "t", endpoint.url());
  hooks.service.publish("t", "held back");
  hooks.service.publish("t", "overtakes it");
  CHECK(hooks.finished(1)[0].sent.sequence_number == 2);
  hooks.service.broker.stop();
  const auto finished = hooks.finished(2);
  CHECK(finished[1].sent.sequence_number == 1);
  CHECK(finished[1].outcome.delivered());
  CHECK(endpoint.requests().size() == 2);
}

TEST_CASE("a webhook that is gone still delivers what was held back for it") {
  broker::FaultRule rule;
  rule.delay = 1h;
  auto options = with_fault(rule);
  options.drain = k_patience;
  const HttpEndpoint endpoint;
  WebhookService hooks(std::move(options));
  hooks.put("w", "t", endpoint.url());
  hooks.service.publish("t", "1");
  must(hooks.service.client.delete_webhook({k_cache, "w"}));
  hooks.service.broker.stop();
  CHECK(hooks.finished(1)[0].outcome.delivered());
}

TEST_CASE("beyond a webhook's delivery rate messages are dropped and reported as failed") {
  const HttpEndpoint endpoint;
  WebhookService hooks(with_limits({.delivery_rate = 1}));
  hooks.put("w", "t", endpoint.url());
  constexpr std::size_t k_messages = 30;
  for (std::size_t i = 0; i < k_messages; ++i)
    hooks.service.publish("t", "x");

  const auto finished = hooks.finished(k_messages);
  const auto delivered = std::count_if(finished.begin(), finished.end(), [](const auto& delivery) {
    return delivery.outcome.delivered();
  });
  CHECK(finished.size() == k_messages);
  CHECK(delivered >= 1);
  CHECK(delivered < static_cast<std::ptrdiff_t>(k_messages));
  CHECK(static_cast<std::ptrdiff_t>(endpoint.requests().size()) == delivered);
  for (const auto& delivery : finished) {
    if (delivery.outcome.delivered()) continue;
    CHECK(delivery.outcome.status == 0);
    CHECK(delivery.outcome.error == "dropped: over the limit of 1 deliveries per second");
  }
}

TEST_CASE("a cache takes so many webhooks and no more, but those may still be changed") {
  WebhookService hooks(with_limits({.webhooks = 1}));
  must(hooks.service.client.create_cache("other"));
  const std::string secret = hooks.put("w", "t", "http://127.0.0.1:1/");
  CHECK(refusal(hooks, "x", "http://127.0.0.1:1/") == ErrorKind::LimitExceeded);
  CHECK(hooks.put("w", "t", "http://127.0.0.1:2/") == secret);
  must(hooks.service.client.put_webhook({{"other", "x"}, "t", "http://127.0.0.1:1/"}));
  must(hooks.service.client.delete_webhook({k_cache, "w"}));
  hooks.put("x", "t", "http://127.0.0.1:1/");
}

TEST_CASE("names and URLs of webhooks may be so long and no longer") {
  const std::string url = "http://127.0.0.1:1/";
  WebhookService hooks(with_limits({.name_length = 3, .url_length = url.size()}));
  hooks.put("äöü", "t", url);
  CHECK(refusal(hooks, "four", url) == ErrorKind::InvalidArgument);
  CHECK(refusal(hooks, "w", url + "x") == ErrorKind::InvalidArgument);
}
