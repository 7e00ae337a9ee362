// SPDX-License-Identifier: Apache-2.0
#include "broker/timers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop::broker;
using namespace std::chrono_literals;

namespace {

const Timers::Clock::time_point k_start{1h};

}  // namespace

TEST_CASE("timers do what is due, in order of time and not of adding") {
  Timers timers;
  std::string done;
  timers.add(k_start + 2s, [&] { done += "b"; });
  timers.add(k_start + 1s, [&] { done += "a"; });
  timers.add(k_start + 2s, [&] { done += "c"; });
  timers.add(k_start + 3s, [&] { done += "d"; });
  CHECK(timers.next() == k_start + 1s);
  timers.run(k_start);
  CHECK(done.empty());
  timers.run(k_start + 2s);
  CHECK(done == "abc");
  CHECK(timers.next() == k_start + 3s);
}

TEST_CASE("a timer that is removed does nothing, and removing one that is done does neither") {
  Timers timers;
  int done = 0;
  const auto first = timers.add(k_start, [&] { ++done; });
  const auto second = timers.add(k_start, [&] { ++done; });
  timers.remove(first);
  timers.run(k_start);
  CHECK(done == 1);
  timers.remove(second);
  CHECK(timers.next() == Timers::Clock::time_point::max());
}

TEST_CASE("a timer's work may add and remove others") {
  Timers timers;
  std::string done;
  const auto other = timers.add(k_start + 1s, [&] { done += "never"; });
  timers.add(k_start, [&] {
    timers.remove(other);
    timers.add(k_start, [&] { done += "added"; });
  });
  timers.run(k_start + 1s);
  CHECK(done == "added");
}

TEST_CASE("at the end everything is done at once, and so is what comes later") {
  Timers timers;
  std::string done;
  timers.add(k_start + 1h, [&] { done += "a"; });
  timers.end();
  CHECK(done == "a");
  timers.add(k_start + 1h, [&] { done += "b"; });
  CHECK(timers.next() <= k_start);
  timers.run(k_start);
  CHECK(done == "ab");
}
