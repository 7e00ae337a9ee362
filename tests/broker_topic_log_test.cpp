// SPDX-License-Identifier: Apache-2.0
#include "broker/topic_log.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace topicloop;
using namespace topicloop::broker;
using model::Discontinuity;
using model::ResumePoint;

namespace {

constexpr std::uint64_t k_page = 7'000;

void append(TopicLog& log, int count) {
  for (int i = 0; i < count; ++i) {
    log.append(SystemTime{}, std::make_shared<const std::string>(
                                 "item " + std::to_string(log.next_sequence_number())));
  }
}

TopicLog log_with(int messages, std::size_t retained = 1'000) {
  TopicLog log(k_page, {.messages = retained});
  append(log, messages);
  return log;
}

// Everything a cursor gives until there is nothing more: "3" for message 3, "lost 1-4" for a
// discontinuity.
std::vector<std::string> read_all(const TopicLog& log, Cursor& cursor) {
  std::vector<std::string> seen;
  while (log.has_more(cursor)) {
    const LogRead read = log.read(cursor);
    if (const auto* entry = std::get_if<const LogEntry*>(&read)) {
      REQUIRE(*(*entry)->item == "item " + std::to_string((*entry)->sequence_number));
      seen.push_back(std::to_string((*entry)->sequence_number));
    } else if (const auto* lost = std::get_if<Discontinuity>(&read)) {
      REQUIRE(lost->new_sequence_page == k_page);
      seen.push_back("lost " + std::to_string(lost->last_topic_sequence) + "-" +
                     std::to_string(lost->new_topic_sequence));
    } else {
      FAIL("has_more() promised something");
    }
  }
  REQUIRE(std::holds_alternative<std::monostate>(log.read(cursor)));
  return seen;
}

std::vector<std::string> read_from(const TopicLog& log, ResumePoint resume) {
  Cursor cursor = log.attach(resume);
  return read_all(log, cursor);
}

using Seen = std::vector<std::string>;

}  // namespace

TEST_CASE("numbers start at 1 and rise by one") {
  TopicLog log(k_page, {});
  CHECK(log.next_sequence_number() == 1);
  append(log, 3);
  CHECK(log.next_sequence_number() == 4);
  CHECK(read_from(log, {1, k_page}) == Seen{"1", "2", "3"});
}

TEST_CASE("without a resume point a reader sees only what comes later") {
  TopicLog log = log_with(3);
  Cursor cursor = log.attach({});
  CHECK(read_all(log, cursor).empty());
  append(log, 2);
  CHECK(read_all(log, cursor) == Seen{"4", "5"});
}

TEST_CASE("resume is inclusive") {
  const TopicLog log = log_with(5);
  CHECK(read_from(log, {3, k_page}) == Seen{"3", "4", "5"});
  CHECK(read_from(log, {5, k_page}) == Seen{"5"});
  CHECK(read_from(log, {6, k_page}).empty());
  CHECK(read_from(log, {3, 0}) == Seen{"3", "4", "5"});
}

TEST_CASE("number 1 without a page is some recent history and no loss") {
  CHECK(read_from(log_with(5, 2), {1, 0}) == Seen{"4", "5"});
  CHECK(read_from(log_with(0), {1, 0}).empty());
}

TEST_CASE("history that is gone is a discontinuity with its bounds") {
  const TopicLog log = log_with(10, 4);
  CHECK(read_from(log, {3, k_page}) == Seen{"lost 3-6", "7", "8", "9", "10"});
  CHECK(read_from(log, {1, k_page}) == Seen{"lost 1-6", "7", "8", "9", "10"});
  CHECK(read_from(log, {7, k_page}) == Seen{"7", "8", "9", "10"});
}

TEST_CASE("another page is a discontinuity and everything of this page") {
  CHECK(read_from(log_with(3), {42, k_page - 1}) == Seen{"lost 42-0", "1", "2", "3"});
  CHECK(read_from(log_with(0), {42, k_page - 1}) == Seen{"lost 42-0"});
  CHECK(read_from(log_with(5, 2), {2, k_page + 1}) == Seen{"lost 2-3", "4", "5"});
}

TEST_CASE("a number never given out is a discontinuity and then what comes") {
  TopicLog log = log_with(3);
  Cursor cursor = log.attach({9, k_page});
  CHECK(read_all(log, cursor) == Seen{"lost 9-3"});
  append(log, 1);
  CHECK(read_all(log, cursor) == Seen{"4"});
}

TEST_CASE("a reader that falls off the ring is told what it lost and goes on") {
  TopicLog log = log_with(2, 3);
  Cursor cursor = log.attach({1, k_page});
  const LogRead first = log.read(cursor);
  REQUIRE(std::get<const LogEntry*>(first)->sequence_number == 1);
  append(log, 5);
  CHECK(read_all(log, cursor) == Seen{"lost 2-4", "5", "6", "7"});
  append(log, 1);
  CHECK(read_all(log, cursor) == Seen{"8"});
}

TEST_CASE("a loss that grows before it is read is one discontinuity with its bounds of then") {
  TopicLog log = log_with(3, 2);
  Cursor other_page = log.attach({42, k_page - 1});
  Cursor never_given_out = log.attach({9, k_page});
  append(log, 4);
  CHECK(read_all(log, other_page) == Seen{"lost 42-5", "6", "7"});
  CHECK(read_all(log, never_given_out) == Seen{"lost 9-5", "6", "7"});
}

TEST_CASE("retention by bytes drops the oldest but never the newest") {
  TopicLog log(k_page, {.messages = 100, .bytes = 10});
  log.append(SystemTime{}, std::make_shared<const std::string>(4, 'a'));
  log.append(SystemTime{}, std::make_shared<const std::string>(4, 'b'));
  log.append(SystemTime{}, std::make_shared<const std::string>(4, 'c'));
  Cursor two_left = log.attach({1, 0});
  CHECK(two_left.next == 2);
  log.append(SystemTime{}, std::make_shared<const std::string>(1'000, 'd'));
  Cursor one_left = log.attach({1, 0});
  CHECK(one_left.next == 4);
}
