// SPDX-License-Identifier: Apache-2.0
#include "replay/schedule.hpp"
#include "support/captures.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;
using replay::Schedule;

namespace {

const Schedule::Clock::time_point k_begin(1h);

// After the beginning, as milliseconds, of an event recorded so much after the first.
std::int64_t due(Schedule& schedule, std::chrono::microseconds recorded,
                 const std::string& file = "a", std::uint64_t round = 1) {
  const auto moment = schedule.next(file, round, capture_time(recorded),
                                    1'000'000 + std::chrono::nanoseconds(recorded).count());
  return std::chrono::duration_cast<std::chrono::milliseconds>(moment - k_begin).count();
}

}  // namespace

TEST_CASE("At speed 1 events keep their distances, at speed 10 a tenth of them") {
  Schedule real({.speed = 1}, k_begin);
  CHECK(due(real, 0s) == 0);
  CHECK(due(real, 2s) == 2'000);
  CHECK(due(real, 5s) == 5'000);
  Schedule fast({.speed = 10}, k_begin);
  CHECK(due(fast, 0s) == 0);
  CHECK(due(fast, 5s) == 500);
  Schedule slow({.speed = 0.5}, k_begin);
  CHECK(due(slow, 0s) == 0);
  CHECK(due(slow, 5s) == 10'000);
}

TEST_CASE("At full speed everything is due at once") {
  Schedule schedule({}, k_begin);
  CHECK(due(schedule, 0s) == 0);
  CHECK(due(schedule, 1h) == 0);
}

TEST_CASE("An hour of 100,000 events at an odd speed ends to the millisecond when it should") {
  Schedule schedule({.speed = 3}, k_begin);
  std::int64_t last = 0;
  for (int i = 0; i <= 100'000; ++i)
    last = due(schedule, i * 36ms);
  CHECK(last == 1'200'000);
}

TEST_CASE("A rate spreads events evenly and without drift") {
  Schedule schedule({.rate = 3}, k_begin);
  std::int64_t last = 0;
  for (int i = 0; i <= 3'000; ++i)
    last = due(schedule, 0s);
  CHECK(last == 1'000'000);
}

TEST_CASE("Requests that overlapped, and so are out of order, are never due before others") {
  Schedule schedule({.speed = 1}, k_begin);
  CHECK(due(schedule, 1s) == 0);
  CHECK(due(schedule, 3s) == 2'000);
  CHECK(due(schedule, 2s) == 2'000);
  CHECK(due(schedule, 500ms) == 2'000);
  CHECK(due(schedule, 4s) == 3'000);
}

TEST_CASE("Another file, or the same one again, follows on at once") {
  Schedule schedule({.speed = 1}, k_begin);
  CHECK(due(schedule, 0s, "a") == 0);
  CHECK(due(schedule, 2s, "a") == 2'000);
  CHECK(due(schedule, 50s, "b") == 2'000);
  CHECK(due(schedule, 51s, "b") == 3'000);
  CHECK(due(schedule, 50s, "b", 2) == 3'000);
}

TEST_CASE("Where the machine was started anew in between, the time of day counts") {
  Schedule schedule({.speed = 1}, k_begin);
  const auto ms = [&](std::chrono::microseconds at, std::chrono::nanoseconds mono) {
    return (schedule.next("a", 1, capture_time(at), mono.count()) - k_begin) / 1ms;
  };
  CHECK(ms(0s, 1000h) == 0);
  CHECK(ms(1s, 1000h + 1s) == 1'000);
  CHECK(ms(601s, 30s) == 601'000);
  CHECK(ms(603s, 32s) == 603'000);
  // A clock that was set by a few seconds is not to be seen.
  CHECK(ms(599s, 33s) == 604'000);
}
