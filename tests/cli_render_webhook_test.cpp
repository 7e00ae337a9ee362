// SPDX-License-Identifier: Apache-2.0
#include "support/rendering.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <regex>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;
using cli::OutputFormat;

namespace {

const SystemTime k_at{1'772'375'383'123'456us};  // 2026-03-01T14:29:43.123456Z.
const model::Webhook k_webhook{{"cache", "upper"}, "topic 1", "http://there/"};

webhook::Exchange accepted() {
  webhook::Exchange exchange;
  exchange.id = "0123abcd";
  exchange.method = "POST";
  exchange.path = "/";
  exchange.url = "http://here/";
  exchange.peer = "127.0.0.1";
  exchange.event = model::WebhookEvent{"cache", "topic 1", 1, 2, 42, "me", "hello"};
  exchange.status = 200;
  exchange.at = k_at;
  exchange.latency = 18ms;
  return exchange;
}

webhook::Exchange refused() {
  webhook::Exchange exchange = accepted();
  exchange.event.reset();
  exchange.id = "";
  exchange.method = "P\x1B";
  exchange.path = "/\xFF";
  exchange.url = "http://here/\xFF";
  exchange.status = 405;
  exchange.reason = "only POST";
  return exchange;
}

broker::DeliveryFinished finished(webhook::DeliveryOutcome outcome) {
  return {{k_webhook, 42, "0123abcd", k_at}, std::move(outcome), k_at + outcome.latency};
}

// With the local times of day taken out.
std::string timeless(const std::string& text) {
  return std::regex_replace(text, std::regex(R"(\d\d:(\d\d:\d\d\.\d{3}))"), "hh:$1");
}

}  // namespace

TEST_CASE("an accepted webhook request is two paired lines") {
  Rendering rendering;
  rendering.renderer().exchange(accepted());
  CHECK(timeless(rendering.out()) ==
        "hh:29:43.123 --> topic 1 #42 [0123abcd]\n"
        "hh:29:43.141 <-- [200] POST http://here/ (18ms) [0123abcd]\n");
}

TEST_CASE("a refused webhook request shows why and what it was without its escapes") {
  Rendering rendering;
  rendering.renderer().exchange(refused());
  CHECK(timeless(rendering.out()) ==
        "hh:29:43.123 --> P\\x1b /\\xff []\n"
        "hh:29:43.141 <-- [405] P\\x1b http://here/\\xff: only POST (18ms) []\n");
}

TEST_CASE("a webhook request in JSON is a request and a response with one id") {
  Rendering rendering(OutputFormat::Json);
  rendering.renderer().exchange(accepted());
  const auto records = rendering.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0] == nlohmann::json{{"v", 1},
                                     {"type", "request"},
                                     {"at", "2026-03-01T14:29:43.123456Z"},
                                     {"id", "0123abcd"},
                                     {"method", "POST"},
                                     {"path", "/"},
                                     {"peer", "127.0.0.1"},
                                     {"event",
                                      {{"cache", "cache"},
                                       {"topic", "topic 1"},
                                       {"event_timestamp", 1},
                                       {"publish_timestamp", 2},
                                       {"topic_sequence_number", 42},
                                       {"token_id", "me"},
                                       {"text", "hello"}}}});
  CHECK(records[1] == nlohmann::json{{"type", "response"},
                                     {"at", "2026-03-01T14:29:43.141456Z"},
                                     {"id", "0123abcd"},
                                     {"status", 200},
                                     {"latency_us", 18'000}});
}

TEST_CASE("a refused request in JSON has a reason and no event and stays valid") {
  Rendering rendering(OutputFormat::Json);
  rendering.renderer().exchange(refused());
  const auto records = rendering.records();
  CHECK_FALSE(records.at(0).contains("event"));
  CHECK(records.at(0)["path"] == "/\xEF\xBF\xBD");
  CHECK(records.at(1)["reason"] == "only POST");
}

TEST_CASE("a delivery is shown when it is sent and when it is answered") {
  Rendering rendering;
  rendering.renderer().delivery(broker::DeliverySent{k_webhook, 42, "0123abcd", k_at});
  rendering.renderer().delivery(finished({.status = 204, .error = "", .latency = 18ms}));
  rendering.renderer().delivery(finished({.error = "connection refused", .latency = 870us}));
  CHECK(timeless(rendering.out()) ==
        "hh:29:43.123 --> topic 1 #42 [0123abcd]\n"
        "hh:29:43.141 <-- [204] POST http://there/ (18ms) [0123abcd]\n"
        "hh:29:43.124 <-- [failed] POST http://there/: connection refused (870us) [0123abcd]\n");
}

TEST_CASE("a delivery in JSON is one record about its end") {
  Rendering rendering(OutputFormat::Json);
  rendering.renderer().delivery(broker::DeliverySent{k_webhook, 42, "0123abcd", k_at});
  rendering.renderer().delivery(finished({.status = 503, .error = "", .latency = 18ms}));
  REQUIRE(rendering.records().size() == 1);
  CHECK(rendering.records()[0] == nlohmann::json{{"v", 1},
                                                 {"type", "delivery"},
                                                 {"at", "2026-03-01T14:29:43.141456Z"},
                                                 {"id", "0123abcd"},
                                                 {"webhook", "upper"},
                                                 {"cache", "cache"},
                                                 {"topic", "topic 1"},
                                                 {"topic_sequence_number", 42},
                                                 {"url", "http://there/"},
                                                 {"delivered", false},
                                                 {"status", 503},
                                                 {"error", ""},
                                                 {"latency_us", 18'000}});
}

TEST_CASE("deliveries that will never be are a warning and in JSON a gap") {
  const broker::DeliveriesLost lost{k_webhook, 3, 9, "too slow", k_at};
  Rendering text;
  text.renderer().delivery(lost);
  CHECK(text.out().empty());
  CHECK(text.err() ==
        "topicloop: warning: webhook \"upper\": messages 3 to 9 of \"topic 1\" were not delivered: "
        "too slow\n");
  Rendering json(OutputFormat::Json);
  json.renderer().delivery(lost);
  CHECK(json.records().at(0) == nlohmann::json{{"v", 1},
                                               {"type", "gap"},
                                               {"at", "2026-03-01T14:29:43.123456Z"},
                                               {"webhook", "upper"},
                                               {"cache", "cache"},
                                               {"topic", "topic 1"},
                                               {"missing", {{{"first", 3}, {"last", 9}}}},
                                               {"reason", "too slow"}});
}
