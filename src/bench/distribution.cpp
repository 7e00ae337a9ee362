// SPDX-License-Identifier: Apache-2.0
#include "bench/distribution.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace topicloop::bench {

namespace {

using std::chrono::nanoseconds;

constexpr std::size_t k_most_rows = 20;
constexpr std::array<std::int64_t, 6> k_fine{10, 15, 20, 30, 50, 70};
constexpr std::array<std::int64_t, 3> k_coarse{10, 20, 50};

// Empty bands with these steps, in tenths of each power of ten, that hold everything up to `max`.
std::vector<Band> empty_bands(std::span<const std::int64_t> steps, nanoseconds max) {
  std::vector<Band> bands;
  nanoseconds from{0};
  for (std::int64_t decade = 1;; decade *= 10) {
    for (const std::int64_t step : steps) {
      const nanoseconds to(decade * step);
      bands.push_back({from, to, 0});
      if (to > max) return bands;
      from = to;
    }
  }
}

std::vector<Band> filled_bands(std::span<const std::int64_t> steps, const Histogram& histogram) {
  auto bands = empty_bands(steps, histogram.max());
  auto band = bands.begin();
  histogram.for_each([&](nanoseconds value, std::uint64_t count) {
    while (value >= band->to)
      ++band;
    band->count += count;
  });
  const auto is_first = [](const Band& each) { return each.count > 0; };
  bands.erase(bands.begin(), std::find_if(bands.begin(), bands.end(), is_first));
  return bands;
}

}  // namespace

std::vector<Band> bands_of(const Histogram& histogram) {
  if (histogram.count() == 0) return {};
  auto bands = filled_bands(k_fine, histogram);
  return bands.size() <= k_most_rows ? bands : filled_bands(k_coarse, histogram);
}

}  // namespace topicloop::bench
