// SPDX-License-Identifier: Apache-2.0
// How long things took: percentiles of a handful of measurements.
#pragma once

#include <chrono>
#include <vector>

namespace topicloop::cli {

class Latencies {
public:
  void add(std::chrono::microseconds latency) { all_.push_back(latency); }
  std::size_t count() const { return all_.size(); }
  // The smallest measurement that at least `percent` of all do not exceed (nearest rank); zero if
  // there is none. `percent` is over 0 and at most 100.
  std::chrono::microseconds percentile(double percent) const;

private:
  std::vector<std::chrono::microseconds> all_;
};

}  // namespace topicloop::cli
