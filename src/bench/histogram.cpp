// SPDX-License-Identifier: Apache-2.0
#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace topicloop::bench {

namespace {

// Up to this many nanoseconds each value has a bucket of its own; from there on each power of two
// has half as many.
constexpr std::uint64_t k_exact = 2'048;
constexpr std::uint64_t k_half = k_exact / 2;
constexpr unsigned k_exact_bits = 11;
constexpr unsigned k_value_bits = 42;  // 73 minutes.
constexpr std::uint64_t k_largest = (std::uint64_t{1} << k_value_bits) - 1;
constexpr std::size_t k_buckets = k_exact + (k_value_bits - k_exact_bits) * k_half;

std::size_t bucket_of(std::uint64_t value) {
  if (value < k_exact) return value;
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - k_exact_bits;
  return k_exact + (shift - 1) * k_half + ((value >> shift) - k_half);
}

}  // namespace

Histogram::Histogram() : buckets_(k_buckets) {}

void Histogram::add(Duration value) {
  value = std::max(value, Duration::zero());
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value.count());
  ++count_;
  ++buckets_[bucket_of(std::min(static_cast<std::uint64_t>(value.count()), k_largest))];
}

Histogram::Duration Histogram::mean() const {
  if (count_ == 0) return Duration::zero();
  return Duration(std::llround(sum_ / static_cast<double>(count_)));
}

Histogram::Duration Histogram::largest_in(std::size_t bucket) const {
  // In the last bucket there may be values of any size.
  if (bucket == buckets_.size() - 1) return max_;
  std::uint64_t value = bucket;
  if (bucket >= k_exact) {
    const std::size_t place = bucket - k_exact;
    const std::size_t shift = place / k_half + 1;
    value = ((k_half + place % k_half + 1) << shift) - 1;
  }
  return std::min(Duration(value), max_);
}

Histogram::Duration Histogram::percentile(double percent) const {
  if (count_ == 0) return Duration::zero();
  // A hundredth of a percent of a large count may come out a hair above a whole number.
  constexpr double k_hair = 1e-9;
  const double exact = percent / 100 * static_cast<double>(count_);
  const auto rank = static_cast<std::uint64_t>(std::ceil(exact * (1 - k_hair)));
  const std::uint64_t wanted = std::clamp<std::uint64_t>(rank, 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) return largest_in(bucket);
  }
  return max_;
}

void Histogram::for_each(const std::function<void(Duration, std::uint64_t)>& visit) const {
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    if (buckets_[bucket] > 0) visit(largest_in(bucket), buckets_[bucket]);
  }
}

}  // namespace topicloop::bench
