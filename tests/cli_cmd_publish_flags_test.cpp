// SPDX-License-Identifier: Apache-2.0
// `publish` with the flags about what is sent, how fast, and what a failure means.
#include "support/command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::string_literals;
using model::Value;

namespace {

Service failing(std::uint64_t count, int status = 14) {
  auto options = options_for_tests();
  broker::Fault fault{broker::FaultTarget::TopicPublish, {}};
  fault.rule.error = status;
  fault.rule.error_count = count;
  options.faults = {fault};
  return Service(std::move(options));
}

// What was published to `topic` so far, which must be so many messages.
std::vector<Value> published(const Service& service, const std::string& topic, std::size_t count) {
  std::vector<Value> values;
  auto subscription = service.subscribe(topic, {1, 0});
  service.publish(topic, "the end");
  while (true) {
    auto message = next_message(subscription);
    if (message.value == Value::text("the end")) break;
    values.push_back(std::move(message.value));
  }
  REQUIRE(values.size() == count);
  return values;
}

}  // namespace

TEST_CASE("a value is published as often as --repeat says, and a file too") {
  const Service service;
  CHECK(run_command(at(service, {"publish", "t", "tick", "-n", "3"})).exit_code == 0);
  for (const auto& value : published(service, "t", 3))
    CHECK(value == Value::text("tick"));
  const TempDirectory folder;
  const std::string file = folder.write("file", "whole\nfile");
  CHECK(run_command(at(service, {"publish", "f", "--file", file, "--repeat", "2"})).exit_code == 0);
  for (const auto& value : published(service, "f", 2))
    CHECK(value == Value::text("whole\nfile"));
}

TEST_CASE("lines cannot be repeated") {
  const Outcome outcome = run_command({"publish", "t", "--repeat", "2"});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "--repeat needs"));
}

TEST_CASE("a rate spreads messages, the first at once") {
  const Service service;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(run_command(at(service, {"publish", "t", "x", "-n", "3", "--rate", "20"})).exit_code == 0);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(100));
  published(service, "t", 3);
}

TEST_CASE("a signal ends publish between two messages and it says how far it came") {
  const Service service;
  Command publish(at(service, {"publish", "t", "x", "-n", "5", "--rate", "0.001", "-o", "json"}));
  publish.out().wait_for("published");
  CHECK(publish.interrupt_and_wait() == 130);
  CHECK(contains(publish.err().text(), "stopped; 1 published\n"));
  published(service, "t", 1);
}

TEST_CASE("without --retry a message that fails is not tried again") {
  const Service service = failing(1);
  const Outcome outcome = run_command(at(service, {"publish", "t", "x"}));
  CHECK(outcome.exit_code == 4);
  published(service, "t", 0);
}

TEST_CASE("with --retry a failure that passes does not show and order is kept") {
  const Service service = failing(3);
  const Outcome outcome = run_command(at(service, {"publish", "t", "--retry", "3"}), "a\nb\nc\n");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK(published(service, "t", 3) ==
        std::vector{Value::text("a"), Value::text("b"), Value::text("c")});
}

TEST_CASE("with --retry and many in flight nothing is lost") {
  const Service service = failing(3);
  std::string lines;
  for (int i = 0; i < 50; ++i)
    lines += std::to_string(i) + "\n";
  CHECK(run_command(at(service, {"publish", "t", "--retry", "3", "--in-flight", "8"}), lines)
            .exit_code == 0);
  published(service, "t", 50);
}

TEST_CASE("a retry gives up after so many attempts, and at once if the failure cannot pass") {
  CHECK(run_command(at(failing(2), {"publish", "t", "x", "--retry", "1"})).exit_code == 4);
  const Service denying = failing(1, 7);
  CHECK(run_command(at(denying, {"publish", "t", "x", "--retry", "9"})).exit_code == 5);
}

TEST_CASE("keeping going publishes what can be and names what cannot") {
  const Service service = failing(1, 3);
  const Outcome outcome =
      run_command(at(service, {"publish", "t", "--keep-going"}), "a\nb\xFF\nc\nd\n");
  CHECK(outcome.exit_code == 5);
  CHECK(contains(outcome.err, "warning: line 1 of standard input was not published: "));
  CHECK(contains(outcome.err, "warning: line 2 of standard input is not UTF-8 text: byte 1 is "));
  CHECK(contains(outcome.err, "(2 published, 2 not)"));
  CHECK(published(service, "t", 2) == std::vector{Value::text("c"), Value::text("d")});
}

TEST_CASE("keeping going tells in JSON of each message that failed, and counts them") {
  const Service service = failing(1, 3);
  const Outcome outcome =
      run_command(at(service, {"publish", "t", "--keep-going", "-o", "json"}), "a\nb\xFF\nc\nd\n");
  CHECK(outcome.exit_code == 5);
  const auto records = outcome.records();
  const auto errors = records_of(records, "error");
  REQUIRE(errors.size() == 3);
  CHECK(errors[0]["index"] == 1);
  CHECK(contains(errors[0]["message"], "line 1 of standard input was not published: "));
  CHECK(errors[1]["index"] == 2);
  CHECK(errors[1]["kind"] == "bad_input");
  CHECK(contains(errors[1]["message"], "line 2 of standard input is not UTF-8 text"));
  // The command's own, the last word.
  CHECK_FALSE(errors[2].contains("index"));
  CHECK(errors[2]["exit_code"] == 5);
  const auto summaries = records_of(records, "summary");
  REQUIRE(summaries.size() == 1);
  CHECK(summaries[0]["published"] == 2);
  CHECK(summaries[0]["failed"] == 2);
}

TEST_CASE("keeping going counts in JSON also when nothing failed") {
  const Service service;
  const Outcome outcome =
      run_command(at(service, {"publish", "t", "--keep-going", "-o", "json"}), "a\nb\n");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.records().back() ==
        nlohmann::json{{"type", "summary"}, {"published", 2}, {"failed", 0}});
}

TEST_CASE("a line that is too long ends publish also under --keep-going") {
  const Service service;
  const Outcome outcome = run_command(at(service, {"publish", "t", "--keep-going"}),
                                      "a\n" + std::string(10'000'001, 'x') + "\nb\n");
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, "line 2 of standard input is longer than"));
  published(service, "t", 1);
}

TEST_CASE("what subscribe -o json writes can be published again as it was") {
  const Service service;
  const std::vector<Value> values = {Value::text("stra\u00DFe \"x\"\n"), Value::binary("\0\xFF"s),
                                     Value::text(""), Value::binary("")};
  for (const auto& value : values)
    must(service.client.publish(k_cache, "a", value));
  const Outcome records =
      run_command(at(service, {"subscribe", "a", "--from", "1", "-n", "4", "-o", "json"}));
  const Outcome outcome =
      run_command(at(service, {"publish", "b", "--input", "json"}), records.out);
  CHECK(outcome.exit_code == 0);
  CHECK(published(service, "b", 4) == values);
}

TEST_CASE("a line that is no record is bad input naming it") {
  const Service service;
  for (const char* line : {"text", "[]", "{}", R"({"text":1})", R"({"binary_base64":"!"})",
                           R"({"text":"a","binary_base64":"YQ=="})", R"({"type":"message"})"}) {
    INFO(line);
    const Outcome outcome = run_command(at(service, {"publish", "t", "--input", "json"}),
                                        "{\"text\":\"a\"}\n"s + line + "\n");
    CHECK(outcome.exit_code == 3);
    CHECK(contains(outcome.err, "line 2 of standard input "));
    CHECK(contains(outcome.err, "(1 published)"));
  }
}

TEST_CASE("JSON input goes with nothing that says otherwise") {
  CHECK(run_command({"publish", "t", "value", "--input", "json"}).exit_code == 2);
  CHECK(run_command({"publish", "t", "--binary", "--input", "json"}).exit_code == 2);
}
