// SPDX-License-Identifier: Apache-2.0
// A histogram's shape in a few rows, with limits that people can read: 1, 1.5, 2, 3, 5, 7, 10.
//
// Where that would be too many rows: 1, 2, 5, 10. Pure.
#pragma once

#include "bench/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace topicloop::bench {

struct Band {
  std::chrono::nanoseconds from{0};  // Included.
  std::chrono::nanoseconds to{0};    // Not included.
  std::uint64_t count = 0;

  bool operator==(const Band&) const = default;
};

// From the band of the smallest value to that of the largest, those between that are empty
// included; together they count every value.
std::vector<Band> bands_of(const Histogram& histogram);

}  // namespace topicloop::bench
