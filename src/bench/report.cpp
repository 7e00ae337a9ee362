// SPDX-License-Identifier: Apache-2.0
#include "bench/report.hpp"

namespace topicloop::bench {

double Report::per_second() const {
  const double seconds = std::chrono::duration<double>(duration).count();
  return seconds > 0 ? static_cast<double>(tally.arrivals) / seconds : 0;
}

double Report::megabytes_per_second() const {
  constexpr double k_million = 1e6;
  return per_second() * static_cast<double>(size) / k_million;
}

std::chrono::nanoseconds Report::cpu_each(const Usage& usage) const {
  if (tally.arrivals == 0) return {};
  return usage.cpu / static_cast<std::int64_t>(tally.arrivals);
}

double Report::cores_used(const Usage& usage) const {
  if (duration.count() <= 0) return 0;
  return static_cast<double>(usage.cpu.count()) / static_cast<double>(duration.count());
}

}  // namespace topicloop::bench
