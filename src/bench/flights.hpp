// SPDX-License-Identifier: Apache-2.0
// What is on its way: how much at most, since when, and what has become of it.
//
// Each operation is begun once and arrives a given number of times, once for each who waits for it;
// how long each arrival took goes into a histogram. Memory is bounded by what is under way. The
// clock is an argument. Thread-safe.
#pragma once

#include "base/error.hpp"
#include "bench/histogram.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <unordered_map>

namespace topicloop::bench {

struct Tally {
  std::uint64_t begun = 0;
  std::uint64_t arrivals = 0;
  std::uint64_t finished = 0;  // Operations that have arrived everywhere.
  std::uint64_t failed = 0;    // And those that never will.
  Histogram latency;           // Of arrivals.
  std::chrono::steady_clock::time_point last_arrival;
  std::optional<Error> failure;     // The first one.
  std::optional<Error> fatal = {};  // Why no more can be begun.
};

class Flights {
public:
  using Time = std::chrono::steady_clock::time_point;

  // At most `most` operations under way, each to arrive `arrivals_each` times.
  Flights(std::size_t most, std::size_t arrivals_each);

  // Waits until another operation may begin. False after give_up(), on a stop, or if nothing has
  // arrived or begun for `patience`.
  bool wait_for_room(std::stop_token stop, std::chrono::milliseconds patience);
  // The same, until nothing is under way.
  bool wait_until_empty(std::stop_token stop, std::chrono::milliseconds patience);

  // Begun; how long it takes counts from `due`.
  void begin(std::uint64_t index, Time due);
  // An index that is not under way is ignored: a repetition, or somebody else's.
  void arrive(std::uint64_t index, Time now);
  // It will not arrive (any more).
  void fail(std::uint64_t index, Error why);
  // Nothing more is to be begun.
  void give_up(Error why);

  // How many operations are over.
  std::uint64_t done() const;
  Tally tally() const;
  // Forgets what was counted. Nothing may be under way.
  void start_over();

private:
  struct Flight {
    Time due;
    std::size_t arrivals_left;
  };

  bool wait(std::size_t most_left, const std::stop_token& stop, std::chrono::milliseconds patience);

  const std::size_t most_;
  const std::size_t arrivals_each_;
  mutable std::mutex mutex_;  // Guards all below.
  std::condition_variable_any changed_;
  std::unordered_map<std::uint64_t, Flight> under_way_;
  std::uint64_t events_ = 0;  // Of any kind: tells whether anything still happens.
  Tally tally_;
};

}  // namespace topicloop::bench
