// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace topicloop;
using namespace topicloop::test;

namespace {

std::string numbers(int count) {
  std::string lines;
  for (int i = 1; i <= count; ++i)
    lines += std::to_string(i) + "\n";
  return lines;
}

}  // namespace

TEST_CASE("each line of standard input is a message and they stay in order") {
  const Service service;
  for (Arguments arguments : {Arguments{"publish", "t"}, Arguments{"publish", "t", "-"}}) {
    auto subscription = service.subscribe("t");
    const Outcome outcome = run_command(at(service, std::move(arguments)), numbers(100));
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.empty());
    for (int i = 1; i <= 100; ++i)
      REQUIRE(next_message(subscription).value.bytes == std::to_string(i));
  }
}

TEST_CASE("empty lines and a last line without an end are messages too") {
  const Service service;
  auto subscription = service.subscribe("t");
  CHECK(run_command(at(service, {"publish", "t"}), "a\n\nb\r\nc").exit_code == 0);
  for (const char* expected : {"a", "", "b\r", "c"})
    CHECK(next_message(subscription).value.bytes == expected);
}

TEST_CASE("no input is nothing to publish and no failure") {
  const Service service;
  const Outcome outcome = run_command(at(service, {"publish", "t", "-o", "json"}));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
}

TEST_CASE("with 64 in flight nothing is lost and each record has its own size") {
  constexpr int k_lines = 2'000;
  auto options = options_for_tests();
  options.retention.messages = k_lines;
  const Service service(std::move(options));
  std::string input;
  std::map<std::size_t, int> sizes;
  for (int i = 0; i < k_lines; ++i) {
    const std::size_t size = static_cast<std::size_t>(i) % 97;
    ++sizes[size];
    input += std::string(size, 'x') + "\n";
  }
  const Outcome outcome =
      run_command(at(service, {"publish", "t", "--in-flight", "64", "-o", "json"}), input);
  CHECK(outcome.exit_code == 0);
  std::map<std::size_t, int> reported;
  for (const auto& record : outcome.records())
    ++reported[record["bytes"]];
  CHECK(reported == sizes);

  std::map<std::size_t, int> arrived;
  auto subscription = service.subscribe("t", {1, 0});
  for (int i = 0; i < k_lines; ++i)
    ++arrived[next_message(subscription).value.bytes.size()];
  CHECK(arrived == sizes);
}

TEST_CASE("lines that are typed are published one by one") {
  const Service service;
  Pipe pipe;
  auto subscription = service.subscribe("t");
  Command publish(at(service, {"publish", "t", "--in-flight", "64", "-o", "json"}),
                  pipe.reader.fd());
  for (int i = 1; i <= 3; ++i) {
    pipe.write(std::to_string(i) + "\n");
    CHECK(next_message(subscription).value.bytes == std::to_string(i));
    publish.out().wait_for_lines(static_cast<std::size_t>(i));  // Not held back until the next.
  }
  pipe.writer.close();
  CHECK(publish.wait() == 0);
}

TEST_CASE("a failure half-way names the line and how many went before it") {
  const Service service;
  Pipe pipe;
  Command publish(at(service, {"publish", "t", "-o", "json"}), pipe.reader.fd());
  pipe.write("a\nb\n");
  publish.out().wait_for_lines(2);
  must(service.client.delete_cache(k_cache));
  pipe.write("c\nd\n");
  CHECK(publish.wait() == 5);
  const std::string err = publish.err().text();
  INFO(err);
  CHECK(contains(err, "topicloop: error: line 3 of standard input was not published: "));
  CHECK(contains(err, " (2 published)\n"));
  const auto records = publish.records();
  REQUIRE(records.size() == 3);
  CHECK(records[2]["type"] == "error");
  CHECK(contains(records[2]["message"].get<std::string>(), "line 3"));
}

TEST_CASE("a failure while nothing more is typed shows at once") {
  const Service service;
  const Pipe pipe;
  Command publish(at(service, {"publish", "t", "--in-flight", "64"}), pipe.reader.fd());
  must(service.client.delete_cache(k_cache));
  pipe.write("a\n");
  CHECK(publish.wait() == 5);  // With the pipe still open.
}

TEST_CASE("a line that is not UTF-8 stops there and says how many went before it") {
  const Service service;
  auto subscription = service.subscribe("t");
  const Outcome outcome =
      run_command(at(service, {"publish", "t", "--in-flight", "64"}), "a\nb\nc\xFF\nd\n");
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.err ==
        "topicloop: error: line 3 of standard input is not UTF-8 text: byte 1 is 0xff "
        "(2 published)\n  help: publish bytes with --binary\n");
  service.publish("t", "next");
  std::vector<std::string> arrived;
  for (int i = 0; i < 3; ++i)
    arrived.push_back(next_message(subscription).value.bytes);
  CHECK(arrived.back() == "next");
}

TEST_CASE("publish ends on a signal while it waits for input and says how far it came") {
  const Service service;
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const Pipe pipe;
    pipe.write("a\n");
    Command publish(at(service, {"publish", "t", "-o", "json"}), pipe.reader.fd());
    publish.out().wait_for_lines(1);
    CHECK(publish.interrupt_and_wait(signal) == code);
    CHECK(publish.err().text() == "stopped; 1 published\n");
  }
}
