// SPDX-License-Identifier: Apache-2.0
#include "sink/pipe_sink.hpp"
#include "support/condition.hpp"
#include "support/environment.hpp"
#include "support/passage.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <thread>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using sink::PipeSink;

namespace {

// A co-process for the shell; `answer` is run for each $line.
sink::PipeOptions answering(const std::string& answer) {
  return {.words = shell("while IFS= read -r line; do " + answer + "; done"), .timeout = 60s};
}

std::string text_of(const std::string& text) {
  return "echo '{\"text\":\"" + text + "\"}'";
}

}  // namespace

TEST_CASE("a co-process gets each event as a line and answers with what goes on") {
  PipeSink sink(
      answering("printf '%s' \"$line\" | sed 's/\"/\\\\\"/g; s/^/{\"text\":\"/; s/$/\"}\\n/'"));
  REQUIRE(sink.start());
  const auto seen = nlohmann::json::parse(result_of(sink, "straße"));
  CHECK(seen == nlohmann::json{{"cache", "my-cache"},
                               {"topic", "news"},
                               {"event_timestamp", 1000},
                               {"publish_timestamp", 2000},
                               {"topic_sequence_number", 7},
                               {"token_id", "me"},
                               {"id", "0123abcd"},
                               {"text", "straße"}});
}

TEST_CASE("one co-process serves every event") {
  PipeSink sink(answering("echo \"{\\\"text\\\":\\\"$$\\\"}\""));
  const std::string first = result_of(sink, "x");
  CHECK(std::stol(first) > 0);
  for (int i = 0; i < 100; ++i)
    REQUIRE(result_of(sink, "x") == first);
}

TEST_CASE("a co-process may drop an event, fail it, or answer bytes") {
  PipeSink drops(answering("echo '{}'"));
  CHECK(result_of(drops, "x") == "(nothing)");
  PipeSink fails(answering("echo '{\"error\":\"no stock\"}'"));
  CHECK(result_of(fails, "x") == "error: the program: no stock");
  PipeSink bytes(answering("echo '{\"binary_base64\":\"/wA=\"}'"));
  TestPassage test(model::Value::binary("\xFE"));
  REQUIRE(bytes.take(test.passage));
  CHECK(test.passage.outgoing == model::Value::binary("\xFF\0"s));
}

TEST_CASE("a co-process that is not there is known before the first event") {
  PipeSink sink({.words = {"no-such-program"}});
  const auto started = sink.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().message == "cannot start \"no-such-program\": No such file or directory");
}

TEST_CASE("the event in the hands of a co-process that dies fails and the next has a new one") {
  const TempDirectory folder;
  const std::string once = folder.file("once");
  PipeSink sink(
      answering("[ -e " + once + " ] || { : > " + once + "; exit 3; }; " + text_of("well")));
  CHECK(result_of(sink, "x") == "error: the program exited with 3 before it answered");
  CHECK(result_of(sink, "x") == "well");
}

TEST_CASE("a co-process that has died between two events is replaced for the next") {
  PipeSink sink({.words = shell("read -r line; " + text_of("well") + "; exit 0"), .timeout = 60s});
  for (int i = 0; i < 5; ++i) {
    const std::string result = result_of(sink, "x");
    // Whether its end is seen before the event is given to it is up to the scheduler.
    CHECK((result == "well" || result == "error: the program exited before it answered"));
  }
}

TEST_CASE("a co-process that keeps dying is started again after a pause") {
  auto options = answering("exit 1");
  options.first_pause = 1h;
  options.longest_pause = 1h;
  PipeSink sink(options);
  CHECK(result_of(sink, "x") == "error: the program exited with 1 before it answered");
  CHECK(result_of(sink, "x") == "error: the program exited with 1 before it answered");
  CHECK(result_of(sink, "x").starts_with("error: the program is started again in "));
}

TEST_CASE("after the pause a co-process that has recovered serves again") {
  const TempDirectory folder;
  const std::string well = folder.file("well");
  auto options = answering("[ -e " + well + " ] || exit 1; " + text_of("well"));
  options.first_pause = 1ms;
  options.longest_pause = 2ms;
  PipeSink sink(options);
  for (int i = 0; i < 5; ++i)
    CHECK(result_of(sink, "x").starts_with("error: "));
  folder.write("well", "");
  CHECK(eventually([&] { return result_of(sink, "x") == "well"; }));
}

TEST_CASE("a co-process that does not answer in time is killed") {
  auto options = answering("sleep 1000");
  options.timeout = 20ms;
  PipeSink sink(options);
  CHECK(result_of(sink, "x") == "error: the program did not answer within 20 ms");
}

TEST_CASE("a co-process that answers what it should not is killed and the event fails") {
  const auto error_of = [](const std::string& answer) {
    PipeSink sink(answering(answer));
    return result_of(sink, "x");
  };
  CHECK(error_of("echo garbage") == "error: the program answered a line that is no JSON object");
  CHECK(error_of("echo '[1]'") == "error: the program answered a line that is no JSON object");
  CHECK(error_of("printf '{\"text\":\"\\377\"}\\n'") ==
        "error: the program answered a line that is no JSON object");
  CHECK(error_of("echo '{\"text\":1}'") ==
        "error: the program answered a line in which a member is no string");
  CHECK(error_of("echo '{\"id\":\"other\",\"text\":\"x\"}'") ==
        "error: the program answered a line about another event");
  CHECK(error_of("echo '{\"binary_base64\":\"?\"}'") ==
        "error: the program answered a line whose \"binary_base64\" is not base64");
  CHECK(error_of("printf '{}\\n{}\\n'") ==
        "error: the program wrote more than one line for an event");
  CHECK(error_of("yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | tr -d '\\n'") ==
        "error: the program wrote a line of more than 33554432 bytes");
}

TEST_CASE("a line that comes too late is not taken for the answer to the next event") {
  const TempDirectory folder;
  const std::string written = folder.file("written");
  PipeSink sink(answering(text_of("one") + "; while [ ! -e " + folder.file("go") +
                          " ]; do :; done; " + text_of("late") + "; : > " + written));
  CHECK(result_of(sink, "x") == "one");
  folder.write("go", "");
  REQUIRE(eventually([&] { return std::filesystem::exists(written); }));
  CHECK(result_of(sink, "x") == "error: the program wrote more than one line for an event");
}

TEST_CASE("a co-process does not get our secret") {
  const Variable secret("TOPICLOOP_WEBHOOK_SECRET", "hush");
  PipeSink sink(answering("echo \"{\\\"text\\\":\\\"<$TOPICLOOP_WEBHOOK_SECRET>\\\"}\""));
  CHECK(result_of(sink, "x") == "<>");
}

TEST_CASE("events of several threads go through a co-process one after another") {
  PipeSink sink(answering("echo \"$line\""));  // Its members are an answer, too.
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, text = std::to_string(i)] {
      for (int k = 0; k < 50; ++k) {
        if (result_of(sink, text) == text) ++good;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(good == 200);
}
