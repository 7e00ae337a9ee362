// SPDX-License-Identifier: Apache-2.0
#include "replay/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace topicloop::replay {

namespace {

using Clock = Schedule::Clock;
using std::chrono::nanoseconds;

// Clocks are set by less than this; by more, the machine was started again and counts anew.
constexpr nanoseconds k_clock_drift = std::chrono::minutes(1);
// No event has to wait longer: what is further away overflows the clock.
constexpr double k_longest_ns = 1e18;

Clock::duration scaled(double ns) {
  return std::chrono::duration_cast<Clock::duration>(
      nanoseconds(static_cast<std::int64_t>(std::min(ns, k_longest_ns))));
}

}  // namespace

Schedule::Schedule(Pace pace, Clock::time_point begin) : pace_(pace), begin_(begin), last_(begin) {}

Clock::time_point Schedule::next(const std::string& file, std::uint64_t round, SystemTime at,
                                 std::int64_t mono_ns) {
  const std::uint64_t before = count_++;
  if (pace_.rate > 0) {
    return begin_ + scaled(static_cast<double>(before) * 1e9 / pace_.rate);
  }
  if (pace_.speed <= 0) return begin_;
  if (!stretch_ || stretch_->file != file || stretch_->round != round) {
    stretch_ = {file, round, mono_ns, at, last_};
    return last_;
  }
  const auto elapsed = std::chrono::duration_cast<nanoseconds>(at - stretch_->at);
  const nanoseconds mono(mono_ns - stretch_->mono_ns);
  const bool is_at_odds = std::chrono::abs(elapsed - mono) > k_clock_drift;
  const double ns = static_cast<double>((is_at_odds ? elapsed : mono).count());
  const auto moment = stretch_->begin + scaled(std::max(ns, 0.0) / pace_.speed);
  last_ = std::max(last_, moment);
  if (is_at_odds) stretch_ = {file, round, mono_ns, at, last_};
  return last_;
}

}  // namespace topicloop::replay
