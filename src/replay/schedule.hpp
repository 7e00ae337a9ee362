// SPDX-License-Identifier: Apache-2.0
// When each event of a capture is to be sent.
//
// Every moment is counted from the beginning and not from the event before, so nothing adds up over
// an hour of capture: whoever was late once is on time again with the next event. Pure: the clock
// is an argument.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace topicloop::replay {

// Neither: as fast as possible.
struct Pace {
  double speed = 0;  // Of the recorded time: 10 is ten times as fast.
  double rate = 0;   // Events a second.
};

class Schedule {
public:
  using Clock = std::chrono::steady_clock;

  Schedule(Pace pace, Clock::time_point begin);

  // Of the next event, which was recorded at these two; never before that of the last one. What
  // comes from another file, or again, follows on the event before it at once.
  Clock::time_point next(const std::string& file, std::uint64_t round, SystemTime at,
                         std::int64_t mono_ns);

private:
  // Where the recorded time has come from, since the clocks were last at odds.
  struct Stretch {
    std::string file;
    std::uint64_t round = 0;
    std::int64_t mono_ns = 0;
    SystemTime at;
    Clock::time_point begin;
  };

  const Pace pace_;
  const Clock::time_point begin_;
  std::uint64_t count_ = 0;
  std::optional<Stretch> stretch_;
  Clock::time_point last_;
};

}  // namespace topicloop::replay
