// SPDX-License-Identifier: Apache-2.0
#include "replay/edits.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using replay::Edits;

namespace {

std::string applied(const std::vector<std::string>& settings, const std::string& json) {
  const auto edits = Edits::parse(settings);
  REQUIRE(edits);
  const auto changed = edits->apply(json);
  return changed ? *changed : "error: " + changed.error().message;
}

}  // namespace

TEST_CASE("A setting replaces or adds a member and leaves the rest as it was") {
  CHECK(applied({"/b=2"}, R"({"z":1,"b":"x","a":[1.5,"ß\n"]})") ==
        R"({"z":1,"b":2,"a":[1.5,"ß\n"]})");
  CHECK(applied({"/new={\"x\":[]}"}, R"({"z":1})") == R"({"z":1,"new":{"x":[]}})");
  CHECK(applied({"/a/1=true", "/a/-=null"}, R"({"a":[1,2]})") == R"({"a":[1,true,null]})");
  CHECK(applied({"/a~1b=1"}, R"({"a/b":0})") == R"({"a/b":1})");
}

TEST_CASE("A value that is not JSON is a string, and one in quotes always") {
  CHECK(applied({"/a=topic 1"}, "{}") == R"({"a":"topic 1"})");
  CHECK(applied({"/a=\"7\""}, "{}") == R"({"a":"7"})");
  CHECK(applied({"/a="}, "{}") == R"({"a":""})");
  CHECK(applied({"/a=b=c"}, "{}") == R"({"a":"b=c"})");
}

TEST_CASE("A pointer goes on into a string that holds JSON") {
  CHECK(applied({"/text/n=2"}, R"({"text":"{\"n\":1,\"m\":\"ß\"}"})") ==
        R"({"text":"{\"n\":2,\"m\":\"ß\"}"})");
  CHECK(applied({"/text=b"}, R"({"text":"{\"n\":1}"})") == R"({"text":"b"})");
}

TEST_CASE("A place that is not there is an error that names it") {
  CHECK(applied({"/a/b=1"}, "{}") == "error: there is no place /a/b");
  CHECK(applied({"/0=1"}, "[]") == "error: there is no place /0");
  CHECK(applied({"/a=1"}, "text") == "error: /a is nowhere in what is not JSON");
}

TEST_CASE("A setting must be a pointer, an equals sign and a value") {
  for (const char* bad : {"", "/a", "a=1", "=1", "/a~=1"}) {
    INFO(bad);
    const auto edits = Edits::parse({bad});
    REQUIRE_FALSE(edits);
    CHECK(edits.error().kind == ErrorKind::Usage);
  }
}

TEST_CASE("An event gets new timestamps and keeps every other byte") {
  const std::string body =
      R"({"cache":"c","topic":"t","event_timestamp":100,"publish_timestamp":130,)"
      R"("topic_sequence_number":7,"token_id":"","text":"ß/\u001f \"\\","more":[1]})";
  CHECK(replay::dated(body, {1, 2}) ==
        R"({"cache":"c","topic":"t","event_timestamp":1,"publish_timestamp":2,)"
        R"("topic_sequence_number":7,"token_id":"","text":"ß/\u001f \"\\","more":[1]})");
  CHECK(replay::age_when_published(body) == 30);
}

TEST_CASE("What is not an event is not dated") {
  for (const char* body : {"", "text", "[]", R"({"event_timestamp":1})",
                           R"({"event_timestamp":"1","publish_timestamp":2})", "\xFF"}) {
    CHECK(replay::dated(body, {1, 2}) == body);
    CHECK(replay::age_when_published(body) == 0);
  }
  CHECK(
      replay::age_when_published(
          R"({"event_timestamp":-9223372036854775808,"publish_timestamp":9223372036854775807})") ==
      253'402'300'800'000);
}
