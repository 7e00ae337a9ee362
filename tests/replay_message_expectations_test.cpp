// SPDX-License-Identifier: Apache-2.0
#include "replay/message_expectations.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

using namespace topicloop;
using namespace topicloop::test;
using replay::FileMessage;
using replay::MessageExpectations;
using Outcome = replay::CaseResult::Outcome;

namespace {

using Strings = std::vector<std::string>;

std::vector<FileMessage> expected(const Strings& texts) {
  std::vector<FileMessage> messages;
  for (const auto& text : texts)
    messages.push_back({messages.size() + 10, model::Value::text(text)});
  return messages;
}

model::Message message(const std::string& text, std::uint64_t number = 1) {
  return {"c", "topic 2", number, 1, "", model::Value::text(text)};
}

// Of each case that failed, FILE:LINE and the reason.
Strings failures(MessageExpectations expectations, const Strings& texts) {
  std::uint64_t number = 0;
  for (const auto& text : texts)
    expectations.take(message(text, ++number));
  Strings failed;
  for (const auto& result : expectations.conclude("within 5s")) {
    if (result.outcome == Outcome::Passed) continue;
    failed.push_back(result.file + ":" + std::to_string(result.line) + ": " + result.reason);
  }
  return failed;
}

MessageExpectations ordered(const Strings& texts, const Strings& ignored = {}) {
  return {{.topic = "topic 2", .file = "f", .is_ordered = true, .ignored = ignored},
          expected(texts)};
}

MessageExpectations unordered(const Strings& texts) {
  return {{.topic = "topic 2", .file = "f", .is_ordered = false}, expected(texts)};
}

}  // namespace

TEST_CASE("Messages in the expected order pass, JSON by what it says") {
  CHECK(failures(ordered({"a", R"({"x":1,"y":2})"}), {"a", R"({ "y":2, "x":1 })"}).empty());
  CHECK(failures(ordered({R"({"x":1,"at":2})"}, {"/at"}), {R"({"x":1,"at":3})"}).empty());
}

TEST_CASE("A message that differs, is missing or too much is named with its line") {
  CHECK(failures(ordered({"a", "b"}), {"a", "x"}) == Strings{"f:11: another message came, as #2"});
  CHECK(failures(ordered({"a", "b"}), {"a"}) == Strings{"f:11: it did not come within 5s"});
  CHECK(failures(ordered({"a"}), {"a", "b"}) == Strings{"f:0: nobody expected this message"});
  CHECK(failures(ordered({"a", "b"}), {"b", "a"}).size() == 2);
}

TEST_CASE("Text and bytes are not the same") {
  auto expectations = ordered({"a"});
  expectations.take({"c", "topic 2", 1, 1, "", model::Value::binary("a")});
  CHECK(expectations.conclude("").at(0).reason == "binary came, expected was text");
}

TEST_CASE("Without an order each message counts once") {
  CHECK(failures(unordered({"a", "b", "a"}), {"a", "a", "b"}).empty());
  CHECK(failures(unordered({"a", "b"}), {"a", "a"}) ==
        Strings{"f:11: other messages came instead", "f:0: nobody expected this message"});
}

TEST_CASE("Expectations are complete once as many messages have come") {
  auto expectations = ordered({"a", "b"});
  CHECK(expectations.missing() == 2);
  expectations.take(message("x"));
  CHECK(expectations.missing() == 1);
  CHECK_FALSE(expectations.is_complete());
  expectations.take(message("y"));
  CHECK(expectations.is_complete());
  CHECK(ordered({}).is_complete());
}

TEST_CASE("Messages beyond the first thousand that nobody expects are counted") {
  auto expectations = ordered({});
  for (int i = 0; i < 1'500; ++i)
    expectations.take(message("x"));
  const auto results = expectations.conclude("");
  CHECK(results.size() == 1'001);
  CHECK(results.back().reason == "nobody expected another 500 messages");
}

TEST_CASE("Messages are read from what subscribe writes and from captures") {
  const TempDirectory folder;
  const auto messages =
      replay::read_messages(folder.write("f",
                                         "{\"v\":1,\"type\":\"ready\"}\n"
                                         "{\"type\":\"message\",\"text\":\"a\"}\n\n"
                                         "{\"type\":\"gap\"}\n{\"binary_base64\":\"AP8=\"}\n"),
                            {});
  REQUIRE(messages);
  REQUIRE(messages->size() == 2);
  CHECK(messages->at(0).line == 2);
  CHECK(messages->at(0).value == model::Value::text("a"));
  CHECK(messages->at(1).line == 5);
  CHECK(messages->at(1).value == model::Value::binary(std::string("\0\xFF", 2)));
}

TEST_CASE("A line that is no message is an error with its place") {
  const TempDirectory folder;
  for (const char* bad : {"text", "[]", "{}", "{\"text\":1}", "{\"binary_base64\":\"?\"}"}) {
    INFO(bad);
    const auto messages =
        replay::read_messages(folder.write("f", "{\"text\":\"a\"}\n" + std::string(bad)), {});
    REQUIRE_FALSE(messages);
    CHECK(messages.error().message.starts_with(folder.file("f") + ":2: "));
  }
  CHECK_FALSE(replay::read_messages(folder.file("missing"), {}));
}

TEST_CASE("Written messages are read back, and replace a file with its permissions") {
  const TempDirectory folder;
  const std::string path = folder.write("f", "old");
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  REQUIRE(replay::write_messages(path, {message("a"), message("straße")}));
  const auto messages = replay::read_messages(path, {});
  REQUIRE(messages);
  CHECK(messages->at(1).value.bytes == "straße");
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  CHECK_FALSE(replay::write_messages(folder.path(), {}));
  CHECK_FALSE(replay::write_messages("/nonexistent/f", {}));
}
