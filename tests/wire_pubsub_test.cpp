// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "wire/pubsub.hpp"
#include "wire_hex.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

using namespace topicloop;
using namespace topicloop::wire;
using namespace std::string_literals;

namespace {

constexpr std::uint64_t k_2_53_less_1 = 9'007'199'254'740'991U;
constexpr std::uint64_t k_2_64_less_1 = 18'446'744'073'709'551'615U;

const std::string k_binary = "\0\xFF\x80"s;  // Not UTF-8.

model::Message message_with(model::Value value) {
  return {.cache = "c",
          .topic = "t",
          .sequence_number = 7,
          .sequence_page = 3,
          .publisher_id = "me",
          .value = std::move(value)};
}

Result<model::SubscriptionEvent> parse_item(const std::string& bytes) {
  return parse_subscription_item(bytes, "c", "t");
}

// The event must be what the bytes mean, in both directions.
void check_event(const model::SubscriptionEvent& event, const std::string& bytes) {
  CHECK(to_hex(serialize(event)) == to_hex(bytes));
  auto parsed = parse_item(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == event);
}

void check_publish(const PublishRequest& request, const std::string& bytes) {
  CHECK(to_hex(serialize(request)) == to_hex(bytes));
  auto parsed = parse_publish_request(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == request);
}

void check_subscribe(const SubscribeRequest& request, const std::string& bytes) {
  CHECK(to_hex(serialize(request)) == to_hex(bytes));
  auto parsed = parse_subscribe_request(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == request);
}

}  // namespace

TEST_CASE("a position survives its header, and nothing else is one") {
  const model::ResumePoint position{42, 9'007'199'254'740'991};
  CHECK(wire::to_header(position) == "42/9007199254740991");
  CHECK(wire::parse_position("42/9007199254740991") == position);
  for (const char* text : {"", "/", "1", "1/", "/1", "1/2/3", "a/1", "1/-1", " 1/2", "1/2 "}) {
    INFO(text);
    CHECK_FALSE(wire::parse_position(text));
  }
}

TEST_CASE("a publish request is field 1 cache and field 2 topic and field 3 value") {
  const auto names = hex("0A 05") + "cache" + hex("12 05") + "topic";
  check_publish({"cache", "topic", model::Value::text("hi")}, names + hex("1A 04  0A 02") + "hi");
  check_publish({"cache", "topic", model::Value::binary(k_binary)},
                names + hex("1A 05  12 03  00 FF 80"));
}

TEST_CASE("empty names are left out but an empty value is not") {
  check_publish({"", "", model::Value::text("")}, hex("1A 02  0A 00"));
  check_publish({"", "", model::Value::binary("")}, hex("1A 02  12 00"));
}

TEST_CASE("a value of two hundred bytes has lengths of two bytes") {
  const std::string text(200, 'x');
  // 203 = CB 01 as a varint: tag, two bytes of length, 200 bytes; 200 = C8 01.
  check_publish({"c", "t", model::Value::text(text)},
                hex("0A 01") + "c" + hex("12 01") + "t" + hex("1A CB 01  0A C8 01") + text);
}

TEST_CASE("a subscribe request is field 3 resume number and field 4 page") {
  const auto names = hex("0A 01") + "c" + hex("12 01") + "t";
  check_subscribe({"c", "t", {}}, names);
  check_subscribe({"c", "t", {1, 0}}, names + hex("18 01"));
  check_subscribe({"c", "t", {300, 2}}, names + hex("18 AC 02  20 02"));
  check_subscribe({"c", "t", {k_2_53_less_1, k_2_64_less_1}},
                  names + hex("18") + k_largest_in_double + hex("20") + k_largest);
  check_subscribe({"", "", {}}, "");
}

TEST_CASE("an item with a message is field 1 of the stream element") {
  // Inside: 08 number, 12 value, 1A publisher id, 20 page.
  check_event(message_with(model::Value::text("hi")),
              hex("0A 0E  08 07  12 04 0A 02") + "hi" + hex("1A 02") + "me" + hex("20 03"));
  check_event(message_with(model::Value::binary(k_binary)),
              hex("0A 0F  08 07  12 05 12 03 00 FF 80  1A 02") + "me" + hex("20 03"));
  check_event(message_with(model::Value::text("")),
              hex("0A 0C  08 07  12 02 0A 00  1A 02") + "me" + hex("20 03"));
}

TEST_CASE("the largest sequence numbers survive") {
  model::Message message{.cache = "c",
                         .topic = "t",
                         .sequence_number = k_2_64_less_1,
                         .sequence_page = k_2_53_less_1,
                         .publisher_id = {},
                         .value = model::Value::text("x")};
  // 11 bytes of number, 5 of value, 9 of page.
  check_event(message, hex("0A 19  08") + k_largest + hex("12 03 0A 01") + "x" + hex("20") +
                           k_largest_in_double);
}

TEST_CASE("an item serialised from its parts is the same as one from a message") {
  const auto message = message_with(model::Value::binary(k_binary));
  CHECK(serialize_item(7, 3, "me", message.value) == serialize(model::SubscriptionEvent{message}));
}

TEST_CASE("a discontinuity is field 2 of the stream element") {
  check_event(model::Discontinuity{10, 20, 30}, hex("12 06  08 0A  10 14  18 1E"));
  check_event(model::Discontinuity{}, hex("12 00"));
  check_event(model::Discontinuity{0, k_2_53_less_1, k_2_64_less_1},
              hex("12 14  10") + k_largest_in_double + hex("18") + k_largest);
}

TEST_CASE("a heartbeat is field 3 of the stream element and empty") {
  check_event(model::Heartbeat{}, hex("1A 00"));
}

TEST_CASE("unknown fields are tolerated in everything that is parsed") {
  // Field 99 (tag 9A 06), two bytes; field 98 (tag 90 06), a varint.
  const auto unknown = hex("9A 06 02 41 42  90 06 05");

  auto publish = parse_publish_request(unknown + hex("1A 02 0A 00") + unknown);
  REQUIRE(publish);
  CHECK(*publish == PublishRequest{"", "", model::Value::text("")});

  auto subscribe = parse_subscribe_request(hex("18 09") + unknown);
  REQUIRE(subscribe);
  CHECK(*subscribe == SubscribeRequest{"", "", {9, 0}});

  auto heartbeat = parse_item(unknown + hex("1A 08") + unknown);
  REQUIRE(heartbeat);
  CHECK(*heartbeat == model::SubscriptionEvent{model::Heartbeat{}});
}

TEST_CASE("a message without a payload has an empty binary one") {
  for (const auto& bytes : {hex("0A 02  08 07"), hex("0A 04  08 07  12 00")}) {
    auto parsed = parse_item(bytes);
    REQUIRE(parsed);
    const auto* message = std::get_if<model::Message>(&*parsed);
    REQUIRE(message != nullptr);
    CHECK(message->value == model::Value::binary(""));
    CHECK(message->sequence_number == 7);
  }
}

TEST_CASE("a publish request without a value is refused") {
  // No value at all; a value of no kind; a value of a kind nobody knows.
  for (const auto& bytes : {hex("0A 01 63"), hex("1A 00"), hex("1A 02  1A 00")}) {
    auto parsed = parse_publish_request(bytes);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::InvalidArgument);
    CHECK(parsed.error().message == "malformed _PublishRequest: no value is set");
  }
}

TEST_CASE("a stream element of a kind from the future is only a sign of life") {
  for (const auto& bytes : {""s, hex("22 00")}) {
    const auto parsed = parse_item(bytes);
    REQUIRE(parsed);
    CHECK(std::holds_alternative<model::Heartbeat>(*parsed));
  }
}

TEST_CASE("bytes that are not protobuf are refused by the name of the message") {
  // Cut short; a tag of field 0; a varint without end; a wire type that does not exist.
  for (const auto& bytes : {hex("0A 05 63"), hex("00"), k_largest, hex("0F")}) {
    auto publish = parse_publish_request(bytes);
    REQUIRE_FALSE(publish);
    CHECK(publish.error().kind == ErrorKind::InvalidArgument);
    CHECK(publish.error().message == "malformed _PublishRequest");

    auto subscribe = parse_subscribe_request(bytes);
    REQUIRE_FALSE(subscribe);
    CHECK(subscribe.error().kind == ErrorKind::InvalidArgument);
    CHECK(subscribe.error().message == "malformed _SubscriptionRequest");

    auto item = parse_item(bytes);
    REQUIRE_FALSE(item);
    CHECK(item.error().kind == ErrorKind::ServiceFailed);
    CHECK(item.error().message == "malformed _SubscriptionItem");
  }
}

TEST_CASE("text that is not UTF-8 is refused wherever it stands") {
  CHECK_FALSE(parse_publish_request(hex("0A 01 FF  1A 02 0A 00")));  // Cache.
  CHECK_FALSE(parse_publish_request(hex("12 01 FF  1A 02 0A 00")));  // Topic.
  CHECK_FALSE(parse_publish_request(hex("1A 03  0A 01 FF")));        // Text.
  CHECK_FALSE(parse_publish_request(hex("1A 05  0A 03 ED A0 80")));  // A surrogate.
  CHECK_FALSE(parse_subscribe_request(hex("0A 02 C3 28")));          // Cache.
  CHECK_FALSE(parse_item(hex("0A 05  12 03 0A 01 FF")));             // Text.
  CHECK_FALSE(parse_item(hex("0A 03  1A 01 FF")));                   // Publisher id.
  CHECK(parse_publish_request(hex("1A 04  0A 02 C3 A9")));           // An e with an accent.
  CHECK(parse_publish_request(hex("1A 03  12 01 FF")));              // Binary may be anything.
}
