// SPDX-License-Identifier: Apache-2.0
// Waiting for the end.
#pragma once

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

}  // namespace topicloop
