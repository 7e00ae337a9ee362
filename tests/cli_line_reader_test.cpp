// SPDX-License-Identifier: Apache-2.0
#include "cli/line_reader.hpp"
#include "support/condition.hpp"
#include "support/descriptors.hpp"
#include "support/service.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::string_literals;
using cli::LineReader;

namespace {

std::vector<std::string> lines_of(std::string_view input) {
  const Descriptor file = input_of(input);
  LineReader reader(file.fd());
  std::vector<std::string> lines;
  while (auto line = must(reader.next({})))
    lines.push_back(*line);
  CHECK_FALSE(must(reader.next({})));  // The end stays the end.
  return lines;
}

}  // namespace

TEST_CASE("lines come without their ends and an empty one is a line") {
  using Lines = std::vector<std::string>;
  CHECK(lines_of("a\nb\n") == Lines{"a", "b"});
  CHECK(lines_of("a\n\nb\n\n") == Lines{"a", "", "b", ""});
  CHECK(lines_of("\n") == Lines{""});
  CHECK(lines_of("").empty());
}

TEST_CASE("a last line counts also without its end") {
  CHECK(lines_of("a\nb") == std::vector<std::string>{"a", "b"});
  CHECK(lines_of("b") == std::vector<std::string>{"b"});
}

TEST_CASE("carriage returns and NUL bytes and bytes that are not UTF-8 are kept") {
  CHECK(lines_of("a\r\n\0b\0\n\xFF\n"s) == std::vector<std::string>{"a\r", "\0b\0"s, "\xFF"});
}

TEST_CASE("lines longer and shorter than what is read at once come whole") {
  std::string input;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 200; ++i) {
    expected.push_back(std::string(i * i * 7 % 150'000, static_cast<char>('a' + i % 26)));
    input += expected.back() + "\n";
  }
  CHECK(lines_of(input) == expected);
}

TEST_CASE("a line that arrives in pieces comes whole") {
  const Pipe pipe;
  LineReader reader(pipe.reader.fd());
  const std::vector<std::string> pieces{"he", "l", "lo\nwor", "ld\n"};
  std::size_t sent = 0;
  const auto send_next = [&] {
    pipe.write(pieces.at(sent++));
    return true;
  };
  CHECK(must(reader.next({}, send_next)) == "hello");
  CHECK(must(reader.next({}, send_next)) == "world");
  CHECK(sent == pieces.size());
}

TEST_CASE("before waiting is told whenever there is nothing to read and only then") {
  Pipe pipe;
  LineReader reader(pipe.reader.fd());
  pipe.write("a\nb\n");
  int waits = 0;
  const auto count = [&] {
    ++waits;
    pipe.write("c\n");
    return true;
  };
  CHECK(must(reader.next({}, count)) == "a");
  CHECK(must(reader.next({}, count)) == "b");
  CHECK(waits == 0);
  CHECK(must(reader.next({}, count)) == "c");
  CHECK(waits == 1);
  pipe.writer.close();
  CHECK_FALSE(must(reader.next({}, count)));
  CHECK(waits == 1);
}

TEST_CASE("a line that is too long is an error naming its number") {
  for (const std::string tail : {"", "\n", "\nnext\n"}) {
    const Descriptor input = input_of("0123456789\n0123456789x" + tail);
    LineReader reader(input.fd(), "standard input", 10);
    CHECK(must(reader.next({})) == "0123456789");
    const auto line = reader.next({});
    REQUIRE_FALSE(line);
    CHECK(line.error().kind == ErrorKind::BadInput);
    CHECK(line.error().message == "line 2 of standard input is longer than 10 bytes");
    CHECK_FALSE(line.error().help.empty());
  }
}

TEST_CASE("a stop ends a reader that waits for input") {
  const Pipe pipe;
  LineReader reader(pipe.reader.fd());
  std::stop_source source;
  std::atomic<bool> waiting = false;
  std::thread stopper([&] {
    eventually([&] { return waiting.load(); });
    source.request_stop();
  });
  CHECK_FALSE(must(reader.next(source.get_token(), [&] { return waiting = true; })));
  stopper.join();
}

TEST_CASE("a stop that was requested before counts also with input at hand") {
  const Descriptor input = input_of("a\n");
  LineReader reader(input.fd());
  std::stop_source source;
  source.request_stop();
  CHECK_FALSE(must(reader.next(source.get_token())));
  CHECK_FALSE(must(reader.rest(source.get_token())));
}

TEST_CASE("a stop ends a reader that waits for the rest") {
  const Pipe pipe;
  pipe.write("beginning");
  LineReader reader(pipe.reader.fd());
  std::stop_source source;
  std::thread stopper([&] { source.request_stop(); });
  CHECK_FALSE(must(reader.rest(source.get_token())));
  stopper.join();
}

TEST_CASE("the rest is byte for byte what was there") {
  std::string bytes(300'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(i * 31 % 256);
  const Descriptor input = input_of(bytes);
  CHECK(must(LineReader(input.fd()).rest({})) == bytes);
  const Descriptor nothing = input_of("");
  CHECK(must(LineReader(nothing.fd()).rest({})) == "");
}

TEST_CASE("the rest after some lines begins with the next one") {
  const Descriptor input = input_of("a\nb\r\n\nc");
  LineReader reader(input.fd());
  CHECK(must(reader.next({})) == "a");
  CHECK(must(reader.rest({})) == "b\r\n\nc");
}

TEST_CASE("a reader that may not wait gives nothing and goes on later") {
  const Pipe pipe;
  pipe.write("a\nb");
  LineReader reader(pipe.reader.fd());
  const auto refuse = [] { return false; };
  CHECK(must(reader.next({}, refuse)) == "a");
  CHECK_FALSE(must(reader.next({}, refuse)));
  pipe.write("c\n");
  CHECK(must(reader.next({}, refuse)) == "bc");
}

TEST_CASE("a closed descriptor is bad input and named in the error") {
  LineReader reader(-1, "the input");
  const auto line = reader.next({});
  REQUIRE_FALSE(line);
  CHECK(line.error().kind == ErrorKind::BadInput);
  CHECK(line.error().message == "cannot read the input: Bad file descriptor");
}
