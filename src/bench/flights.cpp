// SPDX-License-Identifier: Apache-2.0
#include "bench/flights.hpp"

#include <algorithm>
#include <utility>

namespace topicloop::bench {

Flights::Flights(std::size_t most, std::size_t arrivals_each)
    : most_(most), arrivals_each_(arrivals_each) {}

bool Flights::wait_for_room(std::stop_token stop, std::chrono::milliseconds patience) {
  return wait(most_ - 1, stop, patience);
}

bool Flights::wait_until_empty(std::stop_token stop, std::chrono::milliseconds patience) {
  return wait(0, stop, patience);
}

bool Flights::wait(std::size_t most_left, const std::stop_token& stop,
                   std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto is_over = [&] { return under_way_.size() <= most_left || tally_.fatal; };
  while (!is_over() && !stop.stop_requested()) {
    const std::uint64_t before = events_;
    changed_.wait_for(lock, stop, patience, is_over);
    if (!is_over() && events_ == before) return false;
  }
  return !stop.stop_requested() && !tally_.fatal;
}

void Flights::begin(std::uint64_t index, Time due) {
  const std::lock_guard lock(mutex_);
  under_way_.emplace(index, Flight{due, arrivals_each_});
  ++tally_.begun;
  ++events_;
}

void Flights::arrive(std::uint64_t index, Time now) {
  {
    const std::lock_guard lock(mutex_);
    const auto flight = under_way_.find(index);
    if (flight == under_way_.end()) return;
    tally_.latency.add(now - flight->second.due);
    ++tally_.arrivals;
    ++events_;
    tally_.last_arrival = std::max(tally_.last_arrival, now);
    if (--flight->second.arrivals_left > 0) return;
    under_way_.erase(flight);
    ++tally_.finished;
  }
  changed_.notify_all();
}

void Flights::fail(std::uint64_t index, Error why) {
  {
    const std::lock_guard lock(mutex_);
    if (under_way_.erase(index) == 0) return;
    ++tally_.failed;
    ++events_;
    if (!tally_.failure) tally_.failure = std::move(why);
  }
  changed_.notify_all();
}

void Flights::give_up(Error why) {
  {
    const std::lock_guard lock(mutex_);
    if (!tally_.fatal) tally_.fatal = std::move(why);
  }
  changed_.notify_all();
}

std::uint64_t Flights::done() const {
  const std::lock_guard lock(mutex_);
  return tally_.finished + tally_.failed;
}

Tally Flights::tally() const {
  const std::lock_guard lock(mutex_);
  return tally_;
}

void Flights::start_over() {
  const std::lock_guard lock(mutex_);
  tally_ = {};
}

}  // namespace topicloop::bench
