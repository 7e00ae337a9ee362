// SPDX-License-Identifier: Apache-2.0
#include "sink/exec_sink.hpp"
#include "support/environment.hpp"
#include "support/passage.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using sink::ExecSink;

namespace {

std::string run(const std::string& script, const std::string& text = "hello") {
  ExecSink sink({.words = shell(script), .timeout = 60s});
  return result_of(sink, text);
}

}  // namespace

TEST_CASE("a program's output goes on instead of its input") {
  CHECK(run("tr a-z A-Z") == "HELLO");
  CHECK(run("tr a-z A-Z", "straße\n") == "STRAßE\n");
}

TEST_CASE("a line end that the program adds is dropped and others are kept") {
  CHECK(run("cat; echo") == "hello");
  CHECK(run("cat; printf '\\r\\n'") == "hello");
  CHECK(run("cat; echo; echo") == "hello\n");
  CHECK(run("cat", "hello\n") == "hello\n");
  CHECK(run("cat", "hello\r\n") == "hello\r\n");
  CHECK(run("echo") == "");
}

TEST_CASE("without any output nothing goes on") {
  CHECK(run("cat > /dev/null") == "(nothing)");
}

TEST_CASE("what a sink before has dropped is not given to a program") {
  ExecSink sink({.words = {"no-such-program"}});
  TestPassage test(model::Value::text(""));
  test.passage.outgoing.reset();
  CHECK(sink.take(test.passage));
}

TEST_CASE("a program finds the event in its environment and never our secret") {
  const Variable secret("TOPICLOOP_WEBHOOK_SECRET", "hush");
  CHECK(run("env | grep '^TOPICLOOP_' | sort") ==
        "TOPICLOOP_CACHE=my-cache\n"
        "TOPICLOOP_EVENT_TIMESTAMP=1000\n"
        "TOPICLOOP_ID=0123abcd\n"
        "TOPICLOOP_PUBLISH_TIMESTAMP=2000\n"
        "TOPICLOOP_TOKEN_ID=me\n"
        "TOPICLOOP_TOPIC=news\n"
        "TOPICLOOP_TOPIC_SEQUENCE_NUMBER=7");
}

TEST_CASE("a program that fails makes the event fail with how it ended") {
  CHECK(run("exit 3") == "error: the program exited with 3");
  CHECK(run("echo output; kill -9 $$") == "error: the program was ended by signal 9");
}

TEST_CASE("a program that takes too long makes the event fail") {
  ExecSink sink({.words = {"sleep", "1000"}, .timeout = 20ms});
  CHECK(result_of(sink, "") == "error: the program did not end within 20 ms");
}

TEST_CASE("a program that writes without end makes the event fail") {
  ExecSink sink({.words = {"yes"}, .timeout = 60s});
  CHECK(result_of(sink, "") == "error: the program wrote more than 10485760 bytes");
}

TEST_CASE("output of several megabytes goes on whole") {
  CHECK(run("head -c 5000000 /dev/zero | tr '\\0' x") == std::string(5'000'000, 'x'));
}

TEST_CASE("output that is not UTF-8 makes the event fail unless it is taken as bytes") {
  CHECK(run("printf 'ab\\377'") == "error: the program's output is not UTF-8 text at byte 2");
  const ExecSink bytes({.words = shell("printf 'ab\\377\\n'"), .timeout = 60s, .binary = true});
  TestPassage test(model::Value::text("x"));
  REQUIRE(bytes.take(test.passage));
  CHECK(test.passage.outgoing == model::Value::binary("ab\xFF\n"));
}

TEST_CASE("bytes reach the program as they are") {
  const ExecSink sink({.words = shell("od -An -tx1"), .timeout = 60s});
  TestPassage test(model::Value::binary("a\0\xFF"s));
  REQUIRE(sink.take(test.passage));
  CHECK(test.passage.outgoing == model::Value::text(" 61 00 ff"));
}

TEST_CASE("no more programs run at once than allowed and every event gets its turn") {
  const TempDirectory folder;
  // Each is alone with its number: mkdir fails if somebody has it.
  const std::string script = "mkdir " + folder.file("one") + " 2>/dev/null || mkdir " +
                             folder.file("two") + " || exit 9; d=$(cat); rmdir " +
                             folder.file("one") + " 2>/dev/null || rmdir " + folder.file("two") +
                             "; echo $d";
  ExecSink sink({.words = shell(script), .timeout = 60s, .at_once = 2});
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        if (result_of(sink, "x") == "x") ++good;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(good == 200);
}

TEST_CASE("an event that finds every place taken until its time is over fails") {
  const TempDirectory folder;
  const std::string fifo = folder.file("fifo");
  REQUIRE(std::system(("mkfifo " + fifo).c_str()) == 0);
  // Which of the two gets the only place does not matter: it waits for the other's time to be over.
  ExecSink sink({.words = shell("cat " + fifo), .timeout = 200ms, .at_once = 1});
  std::string first;
  std::string second;
  std::thread other([&] { first = result_of(sink, "a"); });
  second = result_of(sink, "b");
  other.join();
  const std::string busy = "error: all 1 programs were busy for 200 ms";
  const std::string late = "error: the program did not end within 200 ms";
  CHECK((first == late || first == busy));
  CHECK((second == late || second == busy));
  CHECK((first == late || second == late));
}
