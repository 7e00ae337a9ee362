// SPDX-License-Identifier: Apache-2.0
#include "replay/answer_updates.hpp"
#include "support/captures.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using replay::AnswerUpdates;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

replay::Event event_at(std::uint64_t line) {
  return replay::make_event("c", line, request_record("{}"));
}

}  // namespace

TEST_CASE("Answers are replaced, and every other byte of the capture stays") {
  const TempDirectory folder;
  const std::string path = folder.file("c");
  write_capture(path, {request_record("{}"), message_record(model::Value::text("m")),
                       request_record("straße \x01")});
  // Members of a later version, an empty line, and a torn end.
  std::ofstream(path, std::ios::app) << "\n{\"type\":\"later\", \"x\": 1 }\n{\"type\":\"reque";
  const std::string before = bytes_of(path);
  {
    auto updates = AnswerUpdates::open(path);
    REQUIRE(updates);
    REQUIRE(updates->add(event_at(4), {.status = 500}));
    REQUIRE(updates->add(event_at(4), {.status = 404,
                                       .headers = {{"X", "1"}},
                                       .body = "not \xFF here",
                                       .latency = std::chrono::microseconds(9)}));
    CHECK(bytes_of(path) == before);
    REQUIRE(updates->write());
  }
  const auto records = read_capture(path).records;
  REQUIRE(records.size() == 3);
  const auto& exchange = std::get<model::HttpExchange>(records[2].content);
  CHECK(exchange.request.body == "straße \x01");
  CHECK(exchange.response == model::HttpResponse{404, {{"X", "1"}}, "not \xFF here"});
  CHECK(exchange.latency == std::chrono::microseconds(9));
  const std::string after = bytes_of(path);
  const std::size_t begin = before.find("\"response\":", before.find("straße"));
  CHECK(after.substr(0, begin) == before.substr(0, begin));
  const std::string rest = before.substr(before.find('\n', begin));
  CHECK(after.ends_with(rest));
}

TEST_CASE("What is compressed, no file, or being written to is not updated") {
  const TempDirectory folder;
  write_capture(folder.file("c.gz"), {request_record("{}")});
  write_capture(folder.file("c"), {request_record("{}")});
  CHECK(AnswerUpdates::open(folder.file("c.gz")).error().message.ends_with("it is compressed"));
  CHECK_FALSE(AnswerUpdates::open(folder.file("missing")));
  CHECK_FALSE(AnswerUpdates::open(folder.path()));
  const auto writer = capture::Writer::open(folder.file("c"));
  REQUIRE(writer);
  CHECK(AnswerUpdates::open(folder.file("c"))
            .error()
            .message.ends_with("another process is writing to it"));
}

TEST_CASE("Without a word nothing is replaced, and no other file is left") {
  const TempDirectory folder;
  write_capture(folder.file("c"), {request_record("{}")});
  const std::string before = bytes_of(folder.file("c"));
  {
    auto updates = AnswerUpdates::open(folder.file("c"));
    REQUIRE(updates);
    REQUIRE(updates->add(event_at(2), {.status = 500}));
  }
  CHECK(bytes_of(folder.file("c")) == before);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path()))
    ++files;
  CHECK(files == 1);
}
