// SPDX-License-Identifier: Apache-2.0
#include "bench/distribution.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace topicloop::bench;
using namespace std::chrono_literals;

namespace {

Histogram histogram_of(const std::vector<std::chrono::nanoseconds>& values) {
  Histogram histogram;
  for (const auto value : values)
    histogram.add(value);
  return histogram;
}

}  // namespace

TEST_CASE("a distribution has rows with round limits from the smallest value to the largest") {
  const auto bands = bands_of(histogram_of({110us, 120us, 160us, 480us}));
  REQUIRE(bands.size() == 4);
  CHECK(bands[0] == Band{100us, 150us, 2});
  CHECK(bands[1] == Band{150us, 200us, 1});
  CHECK(bands[2] == Band{200us, 300us, 0});
  CHECK(bands[3] == Band{300us, 500us, 1});
}

TEST_CASE("a distribution over many powers of ten has coarser rows") {
  const auto bands = bands_of(histogram_of({1us, 10s}));
  CHECK(bands.size() <= 23);
  CHECK(bands.front() == Band{1us, 2us, 1});
  CHECK(bands.back() == Band{10s, 20s, 1});
}

TEST_CASE("a distribution counts every value and leaves no hole between its rows") {
  std::mt19937_64 random(7);
  std::lognormal_distribution<> nanoseconds(12, 1.5);
  Histogram histogram;
  for (int i = 0; i < 2'000; ++i)
    histogram.add(std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds(random))));
  const auto bands = bands_of(histogram);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    count += bands[i].count;
    if (i > 0) CHECK(bands[i].from == bands[i - 1].to);
  }
  CHECK(count == 2'000);
  CHECK(bands.back().count > 0);
}

TEST_CASE("a distribution of nothing has no rows, one of zeros a single one") {
  CHECK(bands_of(Histogram()).empty());
  CHECK(bands_of(histogram_of({0ns, 0ns})) == std::vector<Band>{{0ns, 10ns, 2}});
}
