// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <regex>

using namespace topicloop;
using namespace topicloop::test;

namespace {

std::ptrdiff_t count_of(const std::string& text, const std::string& part) {
  std::ptrdiff_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

std::vector<std::string> texts_of(const Outcome& outcome) {
  std::vector<std::string> texts;
  for (const auto& message : records_of(outcome.records(), "message"))
    texts.push_back(message["text"]);
  return texts;
}

}  // namespace

TEST_CASE("loop sends each message round through a service of its own and shows every hop") {
  const Outcome outcome =
      run_command({"loop", "--message", "hello", "--message", "straße", "--stats"});
  INFO(outcome.out << outcome.err);
  CHECK(outcome.exit_code == 0);
  for (const char* hop : {"  publish    ", "  webhook    ", "  process    ", "  subscribe  "})
    CHECK(count_of(outcome.out, hop) == 2);
  CHECK(contains(outcome.out, "  publish    \"topic 1\"  straße\n"));
  CHECK(contains(outcome.out, " \"topic 1\" #2, signature verified ["));
  CHECK(contains(outcome.out, "  process    STRASSE -> \"topic 2\"\n"));
  CHECK(contains(outcome.out, "  subscribe  \"topic 2\" #2  STRASSE  ("));
  CHECK(std::regex_search(outcome.err, std::regex("^looping through 127.0.0.1:\\d+ \\(embedded\\)\n"
                                                  "  webhook on \"topic 1\" -> http://127.0.0.1:"
                                                  "\\d+/ -> \"topic 2\"\n")));
  CHECK(std::regex_search(
      outcome.err,
      std::regex("\n2 messages went round; whole loop p50 \\S+, p99 \\S+, slowest \\S+\n$")));
}

TEST_CASE("loop writes records under -o json") {
  const Outcome outcome = run_command({"loop", "--message", "hello", "--stats", "-o", "json"});
  CHECK(outcome.exit_code == 0);
  const auto records = outcome.records();
  std::vector<std::string> types;
  for (const auto& record : records)
    types.push_back(record["type"]);
  CHECK(types.front() == "ready");
  CHECK(types.back() == "summary");
  std::sort(types.begin(), types.end());  // What the webhook sees runs beside the rest.
  CHECK(types == std::vector<std::string>{"message", "published", "ready", "request", "response",
                                          "summary"});
  CHECK(texts_of(outcome) == std::vector<std::string>{"HELLO"});
  CHECK(records.back()["messages"] == 1);
  for (const char* field : {"p50_us", "p99_us", "max_us"})
    CHECK(records.back()[field] > 0);
}

TEST_CASE("loop transforms as it is told to") {
  const auto result = [](const char* transform) {
    return texts_of(
        run_command({"loop", "--message", "Straße", "--transform", transform, "-o", "json"}));
  };
  CHECK(result("identity") == std::vector<std::string>{"Straße"});
  CHECK(result("upper") == std::vector<std::string>{"STRASSE"});
  CHECK(result("lower") == std::vector<std::string>{"straße"});
}

TEST_CASE("loop sends the lines of standard input when no message is given") {
  const Outcome all = run_command({"loop", "-o", "json"}, "a\nb\n\nc");
  CHECK(all.exit_code == 0);
  CHECK(texts_of(all) == std::vector<std::string>{"A", "B", "", "C"});
  const Outcome some = run_command({"loop", "-n", "2", "-o", "json"}, "a\nb\nc\n");
  CHECK(texts_of(some) == std::vector<std::string>{"A", "B"});
  const Outcome none = run_command({"loop"});
  CHECK(none.exit_code == 0);
  CHECK(contains(none.err, "\n0 messages went round\n"));
}

TEST_CASE("loop repeats its messages up to the count") {
  const Outcome outcome =
      run_command({"loop", "--message", "a", "--message", "b", "--count", "5", "-o", "json"});
  CHECK(texts_of(outcome) == std::vector<std::string>{"A", "B", "A", "B", "A"});
}

TEST_CASE("loop goes through a service that is there already and leaves nothing behind") {
  const Service service;
  auto subscription = service.subscribe("b");
  const Outcome outcome =
      run_command(at(service, {"loop", "--in", "a", "--out", "b", "--message", "hello"}));
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "looping through " + service.broker.endpoint() + " (configured)\n"));
  CHECK(contains(outcome.err, "1 message went round\n"));
  CHECK(next_message(subscription).value.bytes == "HELLO");
  CHECK(must(service.client.list_webhooks(k_cache)).empty());
}

TEST_CASE("loop does not take other messages on its outbound topic for its own") {
  const Service service;
  const Pipe pipe;
  Command loop(at(service, {"loop", "-n", "1", "-o", "json"}), pipe.reader.fd());
  loop.out().wait_for("ready");
  service.publish("topic 2", "somebody else's");
  pipe.write("mine\n");
  CHECK(loop.wait() == 0);
  const auto messages = records_of(loop.records(), "message");
  REQUIRE(messages.size() == 1);
  CHECK(messages[0]["text"] == "MINE");
}

TEST_CASE("loop ends with 124 when a message does not come back") {
  const Service service;
  const Pipe pipe;
  Command loop(at(service, {"loop", "--timeout", "100ms", "-o", "json"}), pipe.reader.fd());
  loop.out().wait_for("ready");
  for (const auto& webhook : must(service.client.list_webhooks(k_cache)))
    must(service.client.delete_webhook(webhook.id));
  pipe.write("lost\n");
  CHECK(loop.wait() == 124);
  CHECK(contains(loop.err().text(),
                 "topicloop: error: message 1 did not come back on \"topic 2\" within 100ms"));
  CHECK(loop.records().back()["exit_code"] == 124);
}

TEST_CASE("loop refuses to feed its own input") {
  const Outcome outcome = run_command({"loop", "--out", "topic 1", "--message", "m"});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "--in and --out are both \"topic 1\""));
}

TEST_CASE("loop ends on a signal with its summary and without its webhook") {
  const Service service;
  const Pipe pipe;
  pipe.write("one\n");
  Command loop(at(service, {"loop"}), pipe.reader.fd());
  loop.out().wait_for("  ONE  (");
  CHECK(loop.interrupt_and_wait() == 130);
  CHECK(contains(loop.err().text(), "\n1 message went round\n"));
  CHECK(must(service.client.list_webhooks(k_cache)).empty());
}
