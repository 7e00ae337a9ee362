// SPDX-License-Identifier: Apache-2.0
#include "base/bounded_queue.hpp"
#include "support/condition.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <memory>
#include <thread>

using namespace topicloop;
using topicloop::test::eventually;

TEST_CASE("values come out in the order they went in") {
  BoundedQueue<int> queue(3);
  for (int i = 1; i <= 3; ++i)
    REQUIRE(queue.push(i));
  CHECK(queue.pop() == 1);
  CHECK(queue.try_pop() == 2);
  CHECK(queue.pop() == 3);
  CHECK_FALSE(queue.try_pop());
}

TEST_CASE("a full queue refuses who must not wait until there is room again") {
  BoundedQueue<int> queue(1);
  CHECK(queue.try_push(1));
  CHECK_FALSE(queue.try_push(2));
  CHECK(queue.pop() == 1);
  CHECK(queue.try_push(3));
  CHECK(queue.pop() == 3);
}

TEST_CASE("a full queue holds up who may wait and loses nothing") {
  BoundedQueue<int> queue(2);
  constexpr int k_values = 1'000;
  std::atomic<int> pushed = 0;
  std::thread producer([&] {
    for (int i = 0; i < k_values; ++i) {
      if (queue.push(i)) ++pushed;
    }
  });
  REQUIRE(eventually([&] { return pushed == 2; }));
  for (int i = 0; i < k_values; ++i) {
    CHECK(pushed <= i + 2);
    CHECK(queue.pop() == i);
  }
  producer.join();
  CHECK(pushed == k_values);
}

TEST_CASE("a closed queue takes nothing more and gives out what it holds") {
  BoundedQueue<int> queue(2);
  REQUIRE(queue.push(1));
  queue.close();
  CHECK_FALSE(queue.push(2));
  CHECK_FALSE(queue.try_push(2));
  CHECK(queue.pop() == 1);
  CHECK_FALSE(queue.pop());
  CHECK_FALSE(queue.try_pop());
}

TEST_CASE("closing wakes who waits for room and who waits for a value") {
  BoundedQueue<int> full(1);
  BoundedQueue<int> empty(1);
  REQUIRE(full.push(1));
  bool pushed = true;
  bool popped = true;
  std::thread pusher([&] { pushed = full.push(2); });
  std::thread popper([&] { popped = empty.pop().has_value(); });
  full.close();
  empty.close();
  pusher.join();
  popper.join();
  CHECK_FALSE(pushed);
  CHECK_FALSE(popped);
}

TEST_CASE("a stop wakes who waits for a value and leaves later values in the queue") {
  BoundedQueue<int> queue(1);
  std::stop_source source;
  bool popped = true;
  std::thread popper([&] { popped = queue.pop(source.get_token()).has_value(); });
  source.request_stop();
  popper.join();
  CHECK_FALSE(popped);
  REQUIRE(queue.push(1));
  CHECK_FALSE(queue.pop(source.get_token()));
  CHECK(queue.pop() == 1);
}

TEST_CASE("values that can only be moved pass through") {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  REQUIRE(queue.push(std::make_unique<int>(7)));
  const auto value = queue.pop();
  REQUIRE(value);
  CHECK(**value == 7);
}
