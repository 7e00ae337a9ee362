// SPDX-License-Identifier: Apache-2.0
#include "sink/duplicates.hpp"
#include "support/passage.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace topicloop::sink;
using topicloop::test::event_number;
using namespace std::chrono_literals;

namespace {

const Duplicates::Time k_start{1h};

}  // namespace

TEST_CASE("an event that is done is not to be done again within the memory") {
  Duplicates duplicates(10s);
  CHECK(duplicates.begin(event_number(1), k_start));
  duplicates.finish(event_number(1), true, k_start);
  CHECK_FALSE(duplicates.begin(event_number(1), k_start));
  CHECK_FALSE(duplicates.begin(event_number(1), k_start + 9'999ms));
  CHECK(duplicates.begin(event_number(1), k_start + 10s));
}

TEST_CASE("events that differ in what identifies them are different events") {
  Duplicates duplicates(10s);
  CHECK(duplicates.begin(event_number(1), k_start));
  duplicates.finish(event_number(1), true, k_start);
  auto later = event_number(1);
  later.event_timestamp += 1;
  auto elsewhere = event_number(1);
  elsewhere.cache = "other";
  for (const auto& event : {event_number(2), event_number(1, "other"), later, elsewhere})
    CHECK(duplicates.begin(event, k_start));
  auto fired_again = event_number(1);
  fired_again.publish_timestamp += 1;
  CHECK_FALSE(duplicates.begin(fired_again, k_start));
}

TEST_CASE("an event that failed is to be done when it comes again") {
  Duplicates duplicates(10s);
  CHECK(duplicates.begin(event_number(1), k_start));
  duplicates.finish(event_number(1), false, k_start);
  CHECK(duplicates.begin(event_number(1), k_start));
}

TEST_CASE("of many twins at once one is done, and another only after one that failed") {
  Duplicates duplicates(1h);
  std::atomic<int> begun = 0;
  std::atomic<int> in_hand = 0;
  std::atomic<bool> alone = true;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      if (!duplicates.begin(event_number(1), k_start)) return;
      if (++in_hand != 1) alone = false;
      const bool done = ++begun == 3;
      --in_hand;
      duplicates.finish(event_number(1), done, k_start);
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(begun == 3);
  CHECK(alone);
}

TEST_CASE("at the capacity the oldest events are forgotten first") {
  Duplicates duplicates(1h, 2);
  for (std::uint64_t number : {1, 2, 3}) {
    CHECK(duplicates.begin(event_number(number), k_start));
    duplicates.finish(event_number(number), true, k_start);
  }
  CHECK_FALSE(duplicates.begin(event_number(3), k_start));
  CHECK_FALSE(duplicates.begin(event_number(2), k_start));
  CHECK(duplicates.begin(event_number(1), k_start));
}
