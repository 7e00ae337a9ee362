// SPDX-License-Identifier: Apache-2.0
// Waiting for the end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace topicloop {

// Blocks until `stop` is requested.
inline void wait_for_stop(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
}

// Blocks until `stop` is requested or `deadline` has come; true if it was requested.
inline bool wait_for_stop_until(const std::stop_token& stop,
                                std::chrono::steady_clock::time_point deadline) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_until(lock, stop, deadline, [] { return false; });
  return stop.stop_requested();
}

}  // namespace topicloop
