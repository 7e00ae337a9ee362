// SPDX-License-Identifier: Apache-2.0
// Waiting in tests for a condition that nobody announces: never for a time.
#pragma once

#include <chrono>
#include <thread>

namespace topicloop::test {

// True as soon as `condition()` is; false if it is not within the deadline, which only a failing
// test ever reaches.
template <typename Condition>
bool eventually(Condition condition, std::chrono::seconds deadline = std::chrono::seconds(20)) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace topicloop::test
