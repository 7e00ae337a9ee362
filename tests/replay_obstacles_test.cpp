// SPDX-License-Identifier: Apache-2.0
#include "replay/obstacles.hpp"
#include "support/captures.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using replay::Event;

namespace {

constexpr const char* k_event =
    R"({"cache":"c","topic":"t","event_timestamp":1,"publish_timestamp":2,)"
    R"("topic_sequence_number":3,"token_id":"","text":"hello"})";

// A signed request without what is named.
Event without(std::vector<std::string> redacted) {
  auto record = request_record(k_event);
  record.redacted = std::move(redacted);
  std::get<model::HttpExchange>(record.content)
      .request.headers.emplace_back("Momento-Signature", "89fc");
  return replay::make_event("c.jsonl", 7, std::move(record));
}

std::string problem(const Event& event, const replay::Resending& resending) {
  const auto checked = replay::check_left_out(event, resending);
  if (checked) return "";
  CHECK(checked.error().kind == ErrorKind::BadInput);
  return checked.error().message;
}

Event changed(model::Verification verification, bool body_received, const std::string& body) {
  auto record = request_record(body);
  auto& exchange = std::get<model::HttpExchange>(record.content);
  exchange.verification = std::move(verification);
  exchange.request.body_received = body_received;
  return replay::make_event("c.jsonl", 7, std::move(record));
}

}  // namespace

TEST_CASE("A signature is kept only if all that it covers is there") {
  CHECK(problem(without({}), {}).empty());
  CHECK(problem(without({"header:authorization"}), {}).empty());
  CHECK(problem(without({"header:momento-signature"}), {}) ==
        "c.jsonl:7: its signature was left out of the capture");
  CHECK(
      problem(without({"/text/card"}), {}) ==
      "c.jsonl:7: /text/card was left out of the capture, so its signature does not fit any more");
  for (const char* what : {"header:momento-signature", "/text/card"})
    CHECK(problem(without({what}), {.keeps_signature = false}).empty());
}

TEST_CASE("What never was signed may have lost a member") {
  auto record = request_record("{}");
  record.redacted = {"/card"};
  CHECK(problem(replay::make_event("c", 1, std::move(record)), {}).empty());
}

TEST_CASE("A body that was left out cannot be sent at all") {
  CHECK_FALSE(problem(without({"body"}), {.keeps_signature = false}).empty());
  CHECK_FALSE(replay::check_payload_left_out(without({"body"})));
  CHECK(replay::check_payload_left_out(without({"/text/card"})));
}

TEST_CASE("A query that was left out matters where it is sent") {
  CHECK(problem(without({"query:token"}), {}) ==
        "c.jsonl:7: the query parameter \"token\" was left out of the capture");
  CHECK(problem(without({"query:token"}), {.keeps_signature = true, .uses_target = false}).empty());
}

TEST_CASE("What was not received, and to a topic what is no genuine event, is skipped") {
  using Outcome = model::Verification::Outcome;
  const auto refused = changed({Outcome::Failed, "too old"}, true, k_event);
  CHECK(replay::reason_to_skip(refused, false).empty());
  CHECK(replay::reason_to_skip(refused, true) == "it was not genuine: too old");
  CHECK(replay::reason_to_skip(changed({}, false, ""), false) == "its body was not received");
  CHECK(replay::reason_to_skip(changed({}, true, "{}"), false).empty());
  CHECK(replay::reason_to_skip(changed({}, true, "{}"), true) == "it is not a webhook event");
  CHECK(replay::reason_to_skip(changed({}, true, k_event), true).empty());
  const auto message = replay::make_event("c", 1, message_record(model::Value::text("m")));
  CHECK(replay::reason_to_skip(message, true).empty());
}

TEST_CASE("Edits change the event inside, too, and leave the one they were made from alone") {
  const auto edits = replay::Edits::parse({"/text=bye", "/topic=u"});
  REQUIRE(edits);
  const Event before = without({});
  const auto after = replay::edited(before, *edits);
  REQUIRE(after);
  CHECK(after->event->topic == "u");
  CHECK(after->event->payload == model::Value::text("bye"));
  CHECK(before.event->topic == "t");
  CHECK(after->position() == before.position());
}

TEST_CASE("Edits of what is not JSON are an error that names it") {
  const auto edits = replay::Edits::parse({"/a=1"});
  REQUIRE(edits);
  const auto after = replay::edited(
      replay::make_event("c.jsonl", 7, message_record(model::Value::text("m"))), *edits);
  REQUIRE_FALSE(after);
  CHECK(after.error().message == "c.jsonl:7: --set: /a is nowhere in what is not JSON");
}
