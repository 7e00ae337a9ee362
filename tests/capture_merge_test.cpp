// SPDX-License-Identifier: Apache-2.0
#include "capture/merge.hpp"
#include "capture/summary.hpp"
#include "support/captures.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// A message at this many seconds, with a number to know it by.
model::CaptureRecord at_second(int second, std::uint64_t number) {
  auto record = message_record(model::Value::text("x"), number);
  record.at = capture_time(std::chrono::seconds(second));
  return record;
}

std::vector<std::uint64_t> merged(const std::vector<std::string>& files) {
  std::vector<capture::Reader> readers;
  for (const auto& file : files)
    readers.push_back(*capture::Reader::open(file, [](const std::string&) {}));
  capture::Merge merge(std::move(readers));
  std::vector<std::uint64_t> numbers;
  while (auto record = *merge.next())
    numbers.push_back(std::get<model::Message>(record->content).sequence_number);
  return numbers;
}

}  // namespace

TEST_CASE("captures are merged by time, and those of equal times in the order of the files") {
  const TempDirectory directory;
  write_capture(directory.file("a"), {at_second(1, 11), at_second(3, 13), at_second(3, 14)});
  write_capture(directory.file("b.gz"), {at_second(0, 20), at_second(3, 23), at_second(9, 29)});
  write_capture(directory.file("c"), {});
  CHECK(merged({directory.file("a"), directory.file("b.gz"), directory.file("c")}) ==
        std::vector<std::uint64_t>{20, 11, 13, 14, 23, 29});
  CHECK(merged({directory.file("b.gz"), directory.file("a")}) ==
        std::vector<std::uint64_t>{20, 11, 23, 13, 14, 29});
}

TEST_CASE("a file's own order is kept also where its records overlapped") {
  const TempDirectory directory;
  write_capture(directory.file("a"), {at_second(5, 1), at_second(2, 2), at_second(6, 3)});
  write_capture(directory.file("b"), {at_second(4, 4), at_second(7, 5)});
  CHECK(merged({directory.file("a"), directory.file("b")}) ==
        std::vector<std::uint64_t>{4, 1, 2, 3, 5});
}

TEST_CASE("a summary counts what there is") {
  capture::Summary summary;
  for (const auto& record : sample_records())
    summary.add(record);
  summary.add(at_second(-1, 1));
  CHECK(summary.records == 7);
  CHECK(summary.requests == 3);
  CHECK(summary.messages == 3);
  CHECK(summary.dead_letters == 1);
  CHECK(summary.gaps == 1);
  CHECK(summary.redacted == 1);
  CHECK(summary.verified == 1);
  CHECK(summary.failed == 1);
  CHECK(summary.not_checked == 1);
  CHECK(summary.statuses == std::map<int, std::uint64_t>{{200, 1}, {403, 1}});
  CHECK(summary.unanswered == 1);
  CHECK(summary.body_bytes == 2 + 1 + 4);
  CHECK(summary.payload_bytes == 7 + 2 + 1);
  CHECK(summary.out_of_order == 1);
  CHECK(summary.topics.at({"my-cache", "topic 1"}) == 3);
  CHECK(*summary.last - *summary.first == std::chrono::seconds(1));
}

TEST_CASE("a summary of very many topics stays small") {
  capture::Summary summary;
  for (int i = 0; i < 5'000; ++i) {
    auto record = message_record(model::Value::text(""));
    std::get<model::Message>(record.content).topic = std::to_string(i);
    summary.add(record);
  }
  CHECK(summary.topics.size() == 1'000);
  CHECK(summary.in_other_topics == 4'000);
}
