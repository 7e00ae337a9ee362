// SPDX-License-Identifier: Apache-2.0
#include "cli/latencies.hpp"

#include <algorithm>
#include <cmath>

namespace topicloop::cli {

std::chrono::microseconds Latencies::percentile(double percent) const {
  if (all_.empty()) return std::chrono::microseconds::zero();
  auto sorted = all_;
  std::sort(sorted.begin(), sorted.end());
  const auto rank =
      static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

}  // namespace topicloop::cli
