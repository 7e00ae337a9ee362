// SPDX-License-Identifier: Apache-2.0
// When each of many operations is due.
//
// Latencies of paced runs count from here and not from when an operation was begun: one that holds
// up those behind it would else hide how long they waited ("coordinated omission"). Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace topicloop::bench {

class Pace {
public:
  // So many operations a second; 0: each as soon as it can be.
  explicit Pace(double per_second) : per_second_(per_second) {}

  // After the beginning; nothing if there is no such time. `ordinal` counts from 0.
  std::optional<std::chrono::nanoseconds> due(std::uint64_t ordinal) const {
    if (per_second_ <= 0) return std::nullopt;
    const std::chrono::duration<double> after(static_cast<double>(ordinal) / per_second_);
    return std::chrono::duration_cast<std::chrono::nanoseconds>(after);
  }

private:
  double per_second_;
};

}  // namespace topicloop::bench
