// SPDX-License-Identifier: Apache-2.0
#include "topic/resume.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <utility>

using namespace topicloop;
using namespace topicloop::topic;
using namespace std::chrono_literals;
using model::Discontinuity;
using model::Gap;
using model::Message;
using model::ResumePoint;

namespace {

constexpr std::uint64_t k_page = 7;

Message numbered(std::uint64_t number, std::uint64_t page = k_page) {
  return {.cache = "c",
          .topic = "t",
          .sequence_number = number,
          .sequence_page = page,
          .publisher_id = "",
          .value = model::Value::text("x")};
}

Resume starting_at(ResumePoint start) {
  return {"c", "t", start};
}

// A subscription to what is new that has received message `number`.
Resume having_received(std::uint64_t number) {
  Resume resume = starting_at({});
  resume.take(numbered(number));
  return resume;
}

Gap gap_of(std::vector<Gap::Range> missing) {
  return {.cache = "c", .topic = "t", .missing = std::move(missing)};
}

// Only a message, no gap.
bool is_plain(const Meaning& meaning) {
  return !meaning.gap && meaning.event && std::holds_alternative<Message>(*meaning.event);
}

bool is_dropped(const Meaning& meaning) {
  return !meaning.gap && !meaning.event;
}

}  // namespace

TEST_CASE("a subscription asks for its start until something has arrived") {
  for (const ResumePoint start : {ResumePoint{0, 0}, {1, 0}, {5, 0}, {5, 3}}) {
    CHECK(starting_at(start).point() == start);
  }
}

TEST_CASE("after a message the next one on its page is asked for") {
  CHECK(having_received(41).point() == ResumePoint{42, k_page});
}

TEST_CASE("heartbeats pass and change nothing") {
  Resume resume = having_received(41);
  const Meaning meaning = resume.take(model::Heartbeat{});
  CHECK(!meaning.gap);
  REQUIRE(meaning.event);
  CHECK(std::holds_alternative<model::Heartbeat>(*meaning.event));
  CHECK(resume.point() == ResumePoint{42, k_page});
}

TEST_CASE("messages in order pass") {
  Resume resume = starting_at({});
  CHECK(is_plain(resume.take(numbered(3))));
  CHECK(is_plain(resume.take(numbered(4))));
}

TEST_CASE("repetitions are dropped, however old") {
  Resume resume = having_received(41);
  CHECK(is_dropped(resume.take(numbered(41))));
  CHECK(is_dropped(resume.take(numbered(1))));
  CHECK(is_plain(resume.take(numbered(42))));
}

TEST_CASE("numbers that were skipped without a word are a gap") {
  Resume resume = having_received(41);
  const Meaning meaning = resume.take(numbered(45));
  CHECK(meaning.gap == gap_of({{k_page, 42, 44}}));
  CHECK(meaning.event);
  CHECK(is_plain(resume.take(numbered(46))));
}

TEST_CASE("a discontinuity on the same page is a gap with both bounds") {
  Resume resume = having_received(41);
  const Meaning meaning = resume.take(Discontinuity{42, 60, k_page});
  CHECK(meaning.gap == gap_of({{k_page, 42, 60}}));
  CHECK(!meaning.event);
  CHECK(resume.point() == ResumePoint{61, k_page});
  CHECK(is_plain(resume.take(numbered(61))));
}

TEST_CASE("the bounds of a gap are what is missing here, whatever the service says was asked for") {
  Resume resume = having_received(41);
  CHECK(resume.take(Discontinuity{0, 60, k_page}).gap == gap_of({{k_page, 42, 60}}));
}

TEST_CASE("a discontinuity may name the message that follows it") {
  Resume resume = having_received(41);
  resume.take(Discontinuity{42, 104, k_page});
  CHECK(is_plain(resume.take(numbered(104))));
  CHECK(is_plain(resume.take(numbered(105))));
}

TEST_CASE("a discontinuity that skips nothing is no gap") {
  Resume resume = having_received(41);
  CHECK(is_dropped(resume.take(Discontinuity{42, 41, k_page})));
  CHECK(is_plain(resume.take(numbered(42))));
}

TEST_CASE("a discontinuity back to before what was expected is a gap that nobody can bound") {
  Resume resume = starting_at({5'002, 0});
  CHECK(resume.take(Discontinuity{5'002, 5'000, k_page}).gap == gap_of({}));
  CHECK(is_plain(resume.take(numbered(5'001))));
}

TEST_CASE("a change of page is a gap without an end on the old page") {
  Resume resume = having_received(41);
  CHECK(resume.take(Discontinuity{42, 0, 8}).gap == gap_of({{k_page, 42, std::nullopt}}));
  CHECK(resume.point() == ResumePoint{1, 8});
  CHECK(is_plain(resume.take(numbered(1, 8))));
}

TEST_CASE("a change of page names what is gone of the new page too") {
  Resume resume = having_received(41);
  const Gap gap = gap_of({{k_page, 42, std::nullopt}, {8, 1, 20}});
  CHECK(resume.take(Discontinuity{42, 20, 8}).gap == gap);
}

TEST_CASE("a message of another page is a gap even without a discontinuity") {
  Resume resume = having_received(41);
  const Meaning meaning = resume.take(numbered(2, 8));
  CHECK(meaning.gap == gap_of({{k_page, 42, std::nullopt}, {8, 1, 1}}));
  CHECK(meaning.event);
}

TEST_CASE("what a start names and the service no longer has is a gap") {
  Resume resume = starting_at({5, 0});
  CHECK(resume.take(numbered(9)).gap == gap_of({{k_page, 5, 8}}));
}

TEST_CASE("a start at the beginning or at what is new begins anywhere without a gap") {
  for (const ResumePoint start : {ResumePoint{0, 0}, {1, 0}}) {
    Resume resume = starting_at(start);
    CHECK(is_plain(resume.take(numbered(30))));
  }
}

TEST_CASE("a break before anything was received is a gap that nobody can bound") {
  CHECK(starting_at({0, 0}).resumed() == gap_of({}));
  CHECK(!starting_at({1, 0}).resumed());
  CHECK(!starting_at({5, 3}).resumed());
  CHECK(!having_received(41).resumed());
}

TEST_CASE("a service that says where a subscription begins leaves nothing to doubt") {
  for (const ResumePoint start : {ResumePoint{0, 0}, {1, 0}}) {
    Resume resume = starting_at(start);
    resume.begin_at({5, k_page});
    CHECK(resume.point() == ResumePoint{5, k_page});
    CHECK(!resume.resumed());
    CHECK(resume.take(numbered(7)).gap == gap_of({{k_page, 5, 6}}));
  }
  Resume asked = starting_at({9, k_page});
  asked.begin_at({5, k_page});
  CHECK(asked.point() == ResumePoint{9, k_page});
}

TEST_CASE("waits double from a tenth of a second to five seconds") {
  Backoff backoff;
  for (const auto expected : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
    CHECK(backoff.next(0) == expected);
  }
  backoff.reset();
  CHECK(backoff.next(0) == 100ms);
}

TEST_CASE("chance shortens a wait to half at least") {
  CHECK(Backoff().next(0.5) == 75ms);
  CHECK(Backoff().next(0.999) >= 50ms);
}
