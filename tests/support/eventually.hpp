// SPDX-License-Identifier: Apache-2.0
// Waiting for what other threads do, with a deadline instead of a sleep.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

namespace topicloop::test {

// Long enough for a busy machine under a sanitizer; reached only when a test fails.
inline constexpr std::chrono::seconds k_patience{20};

// Collects what callbacks report. Thread-safe.
template <typename T>
class Collector {
public:
  void add(T item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    added_.notify_all();
  }

  // Waits until `enough` holds for what was collected; false if it never did.
  bool wait_until(const std::function<bool(const std::vector<T>&)>& enough) {
    std::unique_lock lock(mutex_);
    return added_.wait_for(lock, k_patience, [&] { return enough(items_); });
  }

  bool wait_for_count(std::size_t count) {
    return wait_until([count](const std::vector<T>& items) { return items.size() >= count; });
  }

  std::vector<T> items() const {
    const std::lock_guard lock(mutex_);
    return items_;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable added_;
  std::vector<T> items_;
};

}  // namespace topicloop::test
