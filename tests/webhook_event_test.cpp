// SPDX-License-Identifier: Apache-2.0
#include "webhook/event.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace topicloop;
using namespace topicloop::webhook;

namespace {

const model::WebhookEvent k_event{.cache = "my-cache",
                                  .topic = "news",
                                  .event_timestamp = 1'708'625'352'000,
                                  .publish_timestamp = 1'708'625'352'123,
                                  .topic_sequence_number = 42,
                                  .token_id = "",
                                  .text = "hello"};

constexpr const char* k_json =
    R"({"cache":"my-cache","topic":"news","event_timestamp":1708625352000,)"
    R"("publish_timestamp":1708625352123,"topic_sequence_number":42,"token_id":"","text":"hello"})";

std::string with(const std::string& from, const std::string& to) {
  std::string json = k_json;
  return json.replace(json.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("an event is written compactly in Momento's key order") {
  CHECK(to_json(k_event) == k_json);
}

TEST_CASE("an event's strings are escaped byte for byte as the service does it") {
  model::WebhookEvent event = k_event;
  event.cache = "a\"b";
  event.token_id = "tab\t/";
  event.text = "back\\slash \x01 \x7F \xC3\xA9 \xF0\x9F\x98\x80\n";
  CHECK(to_json(event) ==
        "{\"cache\":\"a\\\"b\",\"topic\":\"news\",\"event_timestamp\":1708625352000,"
        "\"publish_timestamp\":1708625352123,\"topic_sequence_number\":42,"
        "\"token_id\":\"tab\\t/\",\"text\":\"back\\\\slash \\u0001 \x7F \xC3\xA9 "
        "\xF0\x9F\x98\x80\\n\"}");
}

TEST_CASE("an event survives being written and read") {
  model::WebhookEvent event = k_event;
  event.token_id = "publisher";
  event.topic_sequence_number = UINT64_MAX;
  event.text = std::string("zero \0 and quote \"", 18);
  const auto read = parse_event(to_json(event));
  REQUIRE(read);
  CHECK(*read == event);
}

TEST_CASE("unknown keys and another order and white space are accepted") {
  const auto read = parse_event(
      " { \"text\" : \"hello\", \"token_id\": \"\", \"more\": {\"deep\": [1, null]},\n"
      "\"topic_sequence_number\": 42, \"publish_timestamp\": 1708625352123,"
      "\"event_timestamp\": 1708625352000, \"topic\": \"news\", \"cache\": \"my-cache\" } ");
  REQUIRE(read);
  CHECK(*read == k_event);
}

TEST_CASE("each missing key is named") {
  for (const std::string key : {"cache", "topic", "event_timestamp", "publish_timestamp",
                                "topic_sequence_number", "token_id", "text"}) {
    const auto read = parse_event(with("\"" + key + "\"", "\"other\""));
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::BadInput);
    CHECK(read.error().message == "webhook event: key \"" + key + "\" is missing");
  }
}

TEST_CASE("a value of the wrong type is named") {
  const auto message_for = [](const std::string& from, const std::string& to) {
    const auto read = parse_event(with(from, to));
    return read ? "accepted" : read.error().message;
  };
  CHECK(message_for("\"hello\"", "5") == "webhook event: \"text\" must be a string");
  CHECK(message_for("\"hello\"", "null") == "webhook event: \"text\" must be a string");
  const std::string number = "webhook event: \"topic_sequence_number\" must be a whole number";
  CHECK(message_for("42", "\"42\"").starts_with(number));
  CHECK(message_for("42", "-1").starts_with(number));
  CHECK(message_for("42", "4.2").starts_with(number));
  CHECK(message_for("42", "184467440737095516150").starts_with(number));
  CHECK(message_for("1708625352000", "18446744073709551615") ==
        "webhook event: \"event_timestamp\" is too large");
}

TEST_CASE("what is not a JSON object is refused") {
  for (const std::string body :
       {"", "null", "[]", "\"text\"", "{", "{\"cache\":", "{} x", "{\"a\":\"\xFF\"}", "\xFF"}) {
    const auto read = parse_event(body);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::BadInput);
  }
}

TEST_CASE("deep nesting is refused without harm") {
  constexpr std::size_t depth = 1U << 18U;
  CHECK_FALSE(parse_event(std::string(depth, '[')));
  CHECK_FALSE(parse_event(std::string(depth / 2, '[') + std::string(depth / 2, ']')));
  std::string objects;
  while (objects.size() < depth)
    objects += "{\"a\":";
  CHECK_FALSE(parse_event(objects));
  const std::string nested = std::string(depth / 2, '[') + std::string(depth / 2, ']');
  CHECK(parse_event(with("{\"cache\"", "{\"more\":" + nested + ",\"cache\"")));
}
