// SPDX-License-Identifier: Apache-2.0
#include "broker/metrics.hpp"
#include "broker/state_report.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace topicloop;
using namespace topicloop::broker;

namespace {

StateReport some_state() {
  StateReport state;
  state.caches = {
      {"orders", 1795540959314, {30, 300}, {20, 200}, {{"a", 21, 10, 100, 3}, {"b", 11, 5, 50, 1}}},
      {"users", 1795540959315, {}, {}, {}}};
  state.webhooks = {{{{"orders", "hook"}, "a", "http://127.0.0.1:9/"}, 7, 2, 1, 4}};
  return state;
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("the state shows no credentials of a webhook's URL") {
  StateReport state = some_state();
  state.webhooks[0].webhook.url = "http://me:hush@h/?token=hush";
  CHECK(nlohmann::json::parse(to_json(state))["webhooks"][0]["url"] == "http://***@h/?token=***");
}

TEST_CASE("the state is JSON with caches, topics and webhooks") {
  CHECK(nlohmann::json::parse(to_json(some_state())) == nlohmann::json::parse(R"({
    "open": true,
    "caches": [
      {"cache": "orders", "sequence_page": 1795540959314,
       "published": {"messages": 30, "bytes": 300}, "delivered": {"messages": 20, "bytes": 200},
       "topics": [
         {"topic": "a", "next_sequence_number": 21, "retained_messages": 10,
          "retained_bytes": 100, "subscribers": 3},
         {"topic": "b", "next_sequence_number": 11, "retained_messages": 5,
          "retained_bytes": 50, "subscribers": 1}]},
      {"cache": "users", "sequence_page": 1795540959315,
       "published": {"messages": 0, "bytes": 0}, "delivered": {"messages": 0, "bytes": 0},
       "topics": []}],
    "webhooks": [
      {"cache": "orders", "webhook": "hook", "topic": "a", "url": "http://127.0.0.1:9/",
       "secret": "redacted", "delivered": 7, "failed": 2, "lost": 1, "under_way": 4}]})"));
}

TEST_CASE("metrics tell the state by cache") {
  const std::string text = Metrics().to_text(some_state());
  INFO(text);
  CHECK(has_line(text, "# TYPE topicloop_published_messages_total counter"));
  CHECK(has_line(text, "topicloop_published_messages_total{cache=\"orders\"} 30"));
  CHECK(has_line(text, "topicloop_published_bytes_total{cache=\"orders\"} 300"));
  CHECK(has_line(text, "topicloop_delivered_messages_total{cache=\"orders\"} 20"));
  CHECK(has_line(text, "topicloop_delivered_bytes_total{cache=\"users\"} 0"));
  CHECK(has_line(text, "# TYPE topicloop_subscribers gauge"));
  CHECK(has_line(text, "topicloop_subscribers{cache=\"orders\"} 4"));
  CHECK(has_line(text, "topicloop_topics{cache=\"orders\"} 2"));
  CHECK(has_line(text, "topicloop_retained_messages{cache=\"orders\"} 15"));
  CHECK(has_line(text, "topicloop_retained_bytes{cache=\"orders\"} 150"));
  CHECK(has_line(text, "topicloop_webhook_deliveries_under_way 4"));
  CHECK(text.find("topicloop_build_info{version=\"") != std::string::npos);
}

TEST_CASE("metrics count calls by method and status") {
  Metrics metrics;
  RpcMeter& meter = metrics.rpc("/p.S/Call");
  CHECK(&metrics.rpc("/p.S/Call") == &meter);
  meter.count_handled(std::chrono::microseconds(30));
  meter.count_handled(std::chrono::seconds(30));
  meter.count_ended(0);
  meter.count_ended(0);
  meter.count_ended(5);
  meter.count_ended(99);
  const std::string text = metrics.to_text({});
  INFO(text);
  CHECK(has_line(text, "topicloop_rpcs_total{code=\"OK\",method=\"p.S/Call\"} 2"));
  CHECK(has_line(text, "topicloop_rpcs_total{code=\"NOT_FOUND\",method=\"p.S/Call\"} 1"));
  CHECK(has_line(text, "topicloop_rpcs_total{code=\"UNKNOWN\",method=\"p.S/Call\"} 1"));
  CHECK(has_line(text, "topicloop_rpc_handling_seconds_count{method=\"p.S/Call\"} 2"));
  CHECK(
      has_line(text, "topicloop_rpc_handling_seconds_bucket{method=\"p.S/Call\",le=\"5e-05\"} 1"));
  CHECK(has_line(text, "topicloop_rpc_handling_seconds_bucket{method=\"p.S/Call\",le=\"1\"} 1"));
}

TEST_CASE("metrics count deliveries by outcome and how long they took") {
  Metrics metrics;
  DeliverySent sent;
  sent.published_at = SystemTime{};
  sent.at = sent.published_at + std::chrono::milliseconds(3);
  metrics.count_delivery(sent);
  const auto finish = [&](webhook::DeliveryOutcome outcome) {
    metrics.count_delivery(DeliveryFinished{sent, std::move(outcome), {}});
  };
  finish({204, "", false, std::chrono::milliseconds(2)});
  finish({302, "", false, {}});
  finish({503, "", false, {}});
  finish({0, "nobody is there", false, {}});
  finish({0, "the service is stopping", true, {}});
  metrics.count_delivery(DeliveriesLost{{}, 5, 8, "too slow", {}});
  const std::string text = metrics.to_text({});
  INFO(text);
  for (const char* one : {"delivered", "refused_3xx", "refused_5xx", "failed", "aborted"}) {
    CHECK(has_line(text,
                   std::string("topicloop_webhook_deliveries_total{outcome=\"") + one + "\"} 1"));
  }
  CHECK(has_line(text, "topicloop_webhook_deliveries_total{outcome=\"lost\"} 4"));
  CHECK(has_line(text, "topicloop_webhook_latency_seconds_count 3"));
  CHECK(has_line(text, "topicloop_webhook_delay_seconds_bucket{le=\"0.0025\"} 0"));
  CHECK(has_line(text, "topicloop_webhook_delay_seconds_bucket{le=\"0.005\"} 1"));
}
