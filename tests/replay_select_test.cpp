// SPDX-License-Identifier: Apache-2.0
#include "replay/select.hpp"
#include "support/captures.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using replay::Selection;

namespace {

replay::Event request_event() {
  auto record = request_record(
      R"({"cache":"c","topic":"topic 1","event_timestamp":1,"publish_timestamp":2,)"
      R"("topic_sequence_number":42,"token_id":"alice","text":"{\"card\":{\"number\":7,\"ok\":true,\"a/b\":\"x\"}}"})");
  return replay::make_event("events.jsonl", 3, std::move(record));
}

replay::Event message_event(std::uint64_t number = 42) {
  return replay::make_event("events.jsonl", 4,
                            message_record(model::Value::text("{\"total\":9.5}"), number));
}

bool holds(const std::string& text, const replay::Event& event = request_event()) {
  const auto selection = Selection::parse(text);
  INFO(text << (selection ? "" : ": " + selection.error().message));
  REQUIRE(selection);
  return selection->matches(event);
}

std::string error_of(const std::string& text) {
  const auto selection = Selection::parse(text);
  INFO(text);
  REQUIRE_FALSE(selection);
  CHECK(selection.error().kind == ErrorKind::Usage);
  return selection.error().message;
}

}  // namespace

TEST_CASE("Fields are compared with strings and numbers") {
  CHECK(holds(R"(topic=="topic 1" && sequence_number>=3)"));
  CHECK(holds("topic == 'topic 1'"));
  CHECK_FALSE(holds("topic == 'topic 2'"));
  CHECK(holds("topic != 'topic 2'"));
  CHECK(holds("sequence_number == 42"));
  CHECK_FALSE(holds("sequence_number < 42"));
  CHECK(holds("sequence_number <= 42"));
  CHECK_FALSE(holds("sequence_number > 42"));
  CHECK(holds("at >= '2026-03-01' && at < '2026-03-02'"));
  CHECK(holds("text contains 'card' && topic starts_with 'topic'"));
  CHECK_FALSE(holds("topic starts_with 'opic'"));
  CHECK(holds(R"(topic == "\u0074opic 1")"));
}

TEST_CASE("Every field of a request can be asked for") {
  for (const char* text :
       {"type == 'request'", "cache == 'c'", "token_id == 'alice'", "id == '89fc77f2'",
        "method == 'POST'", "target == '/hook?a=b'", "peer == '127.0.0.1'",
        "verification == 'verified'", "status == 200", "latency_us == 1500", "size > 100",
        "file == 'events.jsonl'", "line == 3", "header.x-twice == '1'", "header.absent == null",
        "sequence_page == null"})
    CHECK(holds(text));
}

TEST_CASE("Every field of a message can be asked for, and it has none of a request's") {
  for (const char* text :
       {"type == 'message'", "cache == 'my-cache'", "topic == 'topic 1'", "sequence_page == 7",
        "token_id == 'alice'", "/total > 9", "id == null", "status != 200", "header.host == null"})
    CHECK(holds(text, message_event()));
  CHECK_FALSE(holds("status < 200", message_event()));
}

TEST_CASE("A pointer goes into the body and on into what a string in it holds") {
  CHECK(holds("/topic_sequence_number == 42"));
  CHECK(holds("/text/card/number==7"));
  CHECK(holds("/text/card/ok == true"));
  CHECK(holds("/text/card/a~1b == 'x'"));
  CHECK(holds("/text/card/absent == null"));
  CHECK_FALSE(holds("/text/card/number == '7'"));
}

TEST_CASE("&& binds more strongly than ||, ! most of all, and parentheses more than those") {
  CHECK(holds("status == 200 || status == 1 && status == 2"));
  CHECK_FALSE(holds("(status == 200 || status == 1) && status == 2"));
  CHECK(holds("!status == 1 && status == 200"));
  CHECK(holds("!(status == 1 || status == 2)"));
  CHECK_FALSE(holds("!!status == 1"));
}

TEST_CASE("Large sequence numbers are compared exactly") {
  CHECK(
      holds("sequence_number == 18446744073709551615", message_event(18'446'744'073'709'551'615U)));
  CHECK_FALSE(
      holds("sequence_number == 18446744073709551614", message_event(18'446'744'073'709'551'615U)));
}

TEST_CASE("An error says at which column what is wrong") {
  CHECK(error_of("topik == 'x'") == "column 1: there is no field \"topik\"");
  CHECK(error_of("topic = 'x'") ==
        "column 7: expected ==, !=, <, <=, >, >=, contains or starts_with, not =");
  CHECK(error_of("topic == topic") == "column 10: expected a value, not topic");
  CHECK(error_of("topic == 3") == "column 10: topic is text: compare it with \"3\"");
  CHECK(error_of("status == '200'") == "column 11: status is a number: compare it with one");
  CHECK(error_of("topic == 'straße' &") == "column 19: \"&\" means nothing here");
  CHECK(error_of("(status == 1") == "column 13: expected ), not the end");
  CHECK(error_of("status == 1 status == 2") == "column 13: expected && or ||, not status");
  CHECK(error_of("") == "column 1: expected a field, not the end");
  CHECK(error_of("topic == \"x") == "column 10: the string has no end");
  CHECK(error_of("topic == 'x") == "column 10: the string has no end");
  CHECK(error_of("topic == \"\\q\"") == "column 10: not a string as JSON has it");
  CHECK(error_of("status == 1-2") == "column 11: 1-2 is not a number");
  CHECK(error_of("/a~b == 1") == "column 1: \"/a~b\" is not a JSON pointer like /card/number");
  CHECK(error_of("status < null") == "column 8: null can only be compared with == and !=");
  CHECK(error_of("/a contains 3") == "column 13: contains is about text: put quotes around it");
}

TEST_CASE("No expression is too deep for the stack") {
  CHECK(error_of(std::string(100'000, '(')).ends_with("nested too deeply"));
  CHECK(error_of(std::string(100'000, '!')).ends_with("nested too deeply"));
  std::string many = "status == 1";
  for (int i = 0; i < 10'000; ++i)
    many += " || status == 1";
  CHECK(error_of(many).ends_with("too many conditions"));
}
