// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::string_literals;
using model::Value;

TEST_CASE("publish sends its value and says nothing") {
  const Service service;
  auto subscription = service.subscribe("topic 1");
  const Outcome outcome = run_command(at(service, {"publish", "topic 1", "straße"}));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.empty());
  CHECK(next_message(subscription).value == Value::text("straße"));
}

TEST_CASE("publish tells what it sent under -o json") {
  const Service service;
  const Outcome outcome = run_command(at(service, {"publish", "t", "straße", "-o", "json"}));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  REQUIRE(outcome.records().size() == 1);
  const auto record = outcome.records()[0];
  CHECK(record["type"] == "published");
  CHECK(record["cache"] == k_cache);
  CHECK(record["topic"] == "t");
  CHECK(record["bytes"] == 7);
  CHECK(record["at"].is_string());
}

TEST_CASE("an empty value is a message and not standard input") {
  const Service service;
  auto subscription = service.subscribe("t");
  CHECK(run_command(at(service, {"publish", "t", ""}), "line\n").exit_code == 0);
  CHECK(next_message(subscription).value == Value::text(""));
}

TEST_CASE("a value that looks like a flag comes after two dashes") {
  const Service service;
  auto subscription = service.subscribe("t");
  Arguments arguments = at(service, {"publish", "t"});
  arguments.insert(arguments.end(), {"--", "--binary"});
  CHECK(run_command(arguments).exit_code == 0);
  CHECK(next_message(subscription).value == Value::text("--binary"));
}

TEST_CASE("a file is one message byte for byte") {
  const Service service;
  const TempDirectory folder;
  auto subscription = service.subscribe("t");
  const std::string text = "one\r\ntwo\n\nstraße\n";
  CHECK(
      run_command(at(service, {"publish", "t", "--file", folder.write("text", text)})).exit_code ==
      0);
  CHECK(next_message(subscription).value == Value::text(text));
  CHECK(run_command(at(service, {"publish", "t", "-f", folder.write("empty", "")})).exit_code == 0);
  CHECK(next_message(subscription).value == Value::text(""));
}

TEST_CASE("a file of bytes is published with --binary") {
  const Service service;
  const TempDirectory folder;
  auto subscription = service.subscribe("t");
  std::string bytes(100'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(i % 251);
  const Outcome outcome = run_command(
      at(service, {"publish", "t", "-f", folder.write("bytes", bytes), "--binary", "-o", "json"}));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.records().at(0)["bytes"] == bytes.size());
  CHECK(next_message(subscription).value == Value::binary(bytes));
}

TEST_CASE("file - is all of standard input as one message") {
  const Service service;
  auto subscription = service.subscribe("t");
  CHECK(run_command(at(service, {"publish", "t", "-f", "-"}), "a\nb\n").exit_code == 0);
  CHECK(next_message(subscription).value == Value::text("a\nb\n"));
}

TEST_CASE("a file that cannot be read is bad input naming it and why") {
  const Service service;
  const TempDirectory folder;
  for (const auto& [file, reason] : {std::pair{folder.file("none"), "No such file"},
                                     std::pair{folder.file(""), "Is a directory"}}) {
    const Outcome outcome = run_command(at(service, {"publish", "t", "-f", file, "-o", "json"}));
    INFO(outcome.err);
    CHECK(outcome.exit_code == 3);
    CHECK(contains(outcome.err, file));
    CHECK(contains(outcome.err, reason));
    CHECK(outcome.records().at(0)["exit_code"] == 3);
  }
}

TEST_CASE("text that is not UTF-8 is bad input naming its place and is not published") {
  const Service service;
  const TempDirectory folder;
  const std::string file = folder.write("latin", "stra\xDF"s);
  struct Case {
    Arguments arguments;
    std::string input;
    std::string error;
  };
  const Case cases[] = {
      {{"publish", "t", "stra\xDF"}, "", "the value is not UTF-8 text: byte 4 is 0xdf\n"},
      {{"publish", "t", "-f", file}, "", file + " is not UTF-8 text: byte 4 is 0xdf\n"},
      {{"publish", "t", "-f", "-"}, "\xFF", "standard input is not UTF-8 text: byte 0 is 0xff\n"},
      {{"publish", "t"}, "\xFF\n", "line 1 of standard input is not UTF-8 text: byte 0 is 0xff\n"}};
  for (const auto& [arguments, input, error] : cases) {
    auto subscription = service.subscribe("t");
    const Outcome outcome = run_command(at(service, arguments), input);
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == "topicloop: error: " + error + "  help: publish bytes with --binary\n");
    service.publish("t", "next");
    CHECK(next_message(subscription).value == Value::text("next"));
  }
}

TEST_CASE("bytes that are not UTF-8 pass with --binary") {
  const Service service;
  auto subscription = service.subscribe("t");
  CHECK(run_command(at(service, {"publish", "t", "\xFF", "--binary"})).exit_code == 0);
  CHECK(next_message(subscription).value == Value::binary("\xFF"));
}

TEST_CASE("a value the service refuses is an error without a line number") {
  const Service service;
  const Outcome outcome =
      run_command({"publish", "t", "v", "--local", service.broker.endpoint(), "--cache", "nope"});
  CHECK(outcome.exit_code == 5);
  CHECK_FALSE(contains(outcome.err, "line 1"));
}

TEST_CASE("publish waits for a service that is not up yet if it is told to") {
  const TempDirectory folder;
  const std::string address = "unix:" + folder.file("socket");
  Command publish(
      {"publish", "t", "v", "--cache", k_cache, "--local", address, "--connect-timeout", "60s"});
  publish.err().wait_for("waiting up to 60.0s for the service at " + address + "\n");
  auto options = options_for_tests();
  options.address = address;
  const Service service(std::move(options));
  CHECK(publish.wait() == 0);
}
