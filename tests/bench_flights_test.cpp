// SPDX-License-Identifier: Apache-2.0
#include "bench/flights.hpp"
#include "support/eventually.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace topicloop;
using namespace topicloop::bench;
using namespace topicloop::test;
using namespace std::chrono_literals;

namespace {

const Flights::Time k_begin{1h};

}  // namespace

TEST_CASE("how long a flight takes counts from when it was due") {
  Flights flights(2, 1);
  flights.begin(0, k_begin);
  flights.begin(1, k_begin + 10us);
  flights.arrive(1, k_begin + 30us);
  flights.arrive(0, k_begin + 500us);
  const Tally tally = flights.tally();
  CHECK(tally.finished == 2);
  CHECK(tally.latency.min() == 20us);
  CHECK(tally.latency.max() == 500us);
  CHECK(tally.last_arrival == k_begin + 500us);
}

TEST_CASE("a flight is over when it has arrived everywhere") {
  Flights flights(1, 3);
  flights.begin(7, k_begin);
  flights.arrive(7, k_begin + 1us);
  flights.arrive(7, k_begin + 2us);
  CHECK(flights.done() == 0);
  CHECK_FALSE(flights.wait_for_room({}, 1ms));
  flights.arrive(7, k_begin + 3us);
  CHECK(flights.done() == 1);
  CHECK(flights.tally().arrivals == 3);
  CHECK(flights.wait_for_room({}, k_patience));
}

TEST_CASE("an arrival that is a repetition or somebody else's does not count") {
  Flights flights(1, 1);
  flights.begin(0, k_begin);
  flights.arrive(5, k_begin);
  flights.arrive(0, k_begin);
  flights.arrive(0, k_begin);
  CHECK(flights.tally().arrivals == 1);
}

TEST_CASE("who waits for room goes on when a flight arrives") {
  Flights flights(1, 1);
  flights.begin(0, k_begin);
  auto room = std::async(std::launch::async, [&] { return flights.wait_for_room({}, k_patience); });
  flights.arrive(0, k_begin);
  CHECK(room.get());
}

TEST_CASE("who waits for the last flight gives up when nothing arrives any more") {
  Flights flights(2, 1);
  flights.begin(0, k_begin);
  flights.begin(1, k_begin);
  flights.arrive(0, k_begin);
  CHECK_FALSE(flights.wait_until_empty({}, 1ms));
  const Tally tally = flights.tally();
  CHECK(tally.begun - tally.finished == 1);
}

TEST_CASE("a flight that fails makes room and its reason is kept") {
  Flights flights(1, 1);
  flights.begin(0, k_begin);
  flights.fail(0, {ErrorKind::CheckFailed, "answered 500", ""});
  flights.fail(0, {ErrorKind::CheckFailed, "again", ""});
  CHECK(flights.wait_until_empty({}, k_patience));
  CHECK(flights.tally().failed == 1);
  CHECK(flights.tally().failure->message == "answered 500");
}

TEST_CASE("once it is given up, nothing more begins, and nobody waits for what is under way") {
  Flights flights(1, 1);
  flights.begin(0, k_begin);
  auto empty =
      std::async(std::launch::async, [&] { return flights.wait_until_empty({}, k_patience); });
  flights.give_up({ErrorKind::Unavailable, "gone", ""});
  flights.give_up({ErrorKind::NotFound, "what followed", ""});
  CHECK_FALSE(empty.get());
  CHECK_FALSE(flights.wait_for_room({}, k_patience));
  CHECK(flights.tally().fatal->message == "gone");
}

TEST_CASE("a stop ends the waiting") {
  Flights flights(1, 1);
  flights.begin(0, k_begin);
  std::stop_source stop;
  auto room = std::async(std::launch::async,
                         [&] { return flights.wait_for_room(stop.get_token(), k_patience); });
  stop.request_stop();
  CHECK_FALSE(room.get());
}

TEST_CASE("starting over forgets what was counted") {
  Flights flights(1, 1);
  flights.begin(0, k_begin);
  flights.arrive(0, k_begin + 1us);
  flights.start_over();
  CHECK(flights.tally().begun == 0);
  CHECK(flights.tally().latency.count() == 0);
}
