// SPDX-License-Identifier: Apache-2.0
// Which events were done before, so that one that is delivered again is not done again.
//
// Two are the same if cache, topic, sequence number and event timestamp are. While one is in hand,
// its twins wait; if it fails, the next of them is tried. Remembers half a million events at
// most (some 75 MB), the oldest are forgotten first. The clock is an argument. Thread-safe.
#pragma once

#include "model/webhook.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

namespace topicloop::sink {

class Duplicates {
public:
  using Time = std::chrono::steady_clock::time_point;
  using Key = std::tuple<std::string, std::string, std::uint64_t, std::int64_t>;

  explicit Duplicates(std::chrono::milliseconds memory, std::size_t capacity = 500'000)
      : memory_(memory), capacity_(capacity) {}

  // True if the event is to be done: then finish() must follow. False if it has been done within
  // the memory. Waits while a twin is in hand.
  bool begin(const model::WebhookEvent& event, Time now);
  // `done`: not to be done again. Otherwise it is as if it had never come.
  void finish(const model::WebhookEvent& event, bool done, Time now);

private:
  using Known = std::map<Key, bool>;  // Whether it is done.

  void forget(Time now);

  const std::chrono::milliseconds memory_;
  const std::size_t capacity_;
  std::mutex mutex_;  // Guards what follows.
  std::condition_variable finished_;
  Known known_;
  std::deque<std::pair<Time, Known::iterator>> in_order_;  // Those that are done, the oldest first.
};

}  // namespace topicloop::sink
