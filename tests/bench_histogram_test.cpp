// SPDX-License-Identifier: Apache-2.0
#include "bench/histogram.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace topicloop::bench;
using namespace std::chrono_literals;

namespace {

using Values = std::vector<std::int64_t>;

// The nearest rank, from all values.
std::int64_t exact_percentile(Values values, std::int64_t per_mille) {
  std::sort(values.begin(), values.end());
  const auto count = static_cast<std::int64_t>(values.size());
  const std::int64_t rank = (per_mille * count + 999) / 1'000;
  return values[static_cast<std::size_t>(std::max<std::int64_t>(rank, 1) - 1)];
}

Histogram histogram_of(const Values& values) {
  Histogram histogram;
  for (const auto value : values)
    histogram.add(std::chrono::nanoseconds(value));
  return histogram;
}

void check_against(const Values& values) {
  const Histogram histogram = histogram_of(values);
  for (const std::int64_t per_mille : {1, 10, 250, 500, 900, 990, 999, 1'000}) {
    const auto exact = exact_percentile(values, per_mille);
    const auto read = histogram.percentile(static_cast<double>(per_mille) / 10).count();
    INFO(per_mille << " per mille of " << values.size() << ": " << exact << ", read " << read);
    CHECK(read >= exact);
    CHECK(read <= exact + exact / 1'000);
  }
  CHECK(histogram.count() == values.size());
  CHECK(histogram.min().count() == *std::min_element(values.begin(), values.end()));
  CHECK(histogram.max().count() == *std::max_element(values.begin(), values.end()));
}

}  // namespace

TEST_CASE("a histogram's percentiles are the exact ones to a thousandth, whatever was added") {
  std::mt19937_64 random(20'261'124);
  for (int run = 0; run < 60; ++run) {
    // From a few nanoseconds to half an hour, and from one value to many.
    std::uniform_real_distribution<> exponent(0, 12.2);
    std::uniform_int_distribution<std::size_t> count(1, run < 30 ? 20 : 5'000);
    Values values(count(random));
    for (auto& value : values)
      value = std::llround(std::pow(10, exponent(random)));
    check_against(values);
  }
}

TEST_CASE("a histogram is right where its buckets change their width") {
  for (unsigned bits = 10; bits < 42; ++bits) {
    const std::int64_t edge = std::int64_t{1} << bits;
    check_against({edge - 1});
    check_against({edge});
    check_against({edge - 1, edge, edge + 1});
  }
}

TEST_CASE("a histogram reads small values exactly") {
  Values values;
  for (std::int64_t value = 0; value < 2'048; ++value)
    values.push_back(value);
  const Histogram histogram = histogram_of(values);
  CHECK(histogram.percentile(50) == 1'023ns);
  CHECK(histogram.percentile(100) == 2'047ns);
}

TEST_CASE("a histogram with nothing in it has only zeros") {
  const Histogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.min() == 0ns);
  CHECK(histogram.max() == 0ns);
  CHECK(histogram.mean() == 0ns);
  CHECK(histogram.percentile(50) == 0ns);
}

TEST_CASE("a histogram counts what is negative as nothing and takes what is longer than an hour") {
  Histogram histogram;
  histogram.add(-5ns);
  histogram.add(48h);
  CHECK(histogram.min() == 0ns);
  CHECK(histogram.percentile(50) == 0ns);
  CHECK(histogram.percentile(100) == 48h);
  CHECK(histogram.max() == 48h);
}

TEST_CASE("a histogram's mean is that of all values") {
  CHECK(histogram_of({1'000'000, 2'000'000, 6'000'000}).mean() == 3ms);
}

TEST_CASE("the rank of a percentile of a round count is not rounded up") {
  Values values(1'000, 10);
  values.back() = 20;
  CHECK(histogram_of(values).percentile(99.9) == 10ns);
}

TEST_CASE("a histogram's buckets add up and come in order") {
  const Histogram histogram = histogram_of({5, 5, 70'000, 3'000'000'000});
  Values largest;
  std::uint64_t count = 0;
  histogram.for_each([&](std::chrono::nanoseconds value, std::uint64_t in_it) {
    largest.push_back(value.count());
    count += in_it;
  });
  CHECK(count == 4);
  CHECK(largest.size() == 3);
  CHECK(std::is_sorted(largest.begin(), largest.end()));
}
