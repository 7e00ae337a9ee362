// SPDX-License-Identifier: Apache-2.0
#include "cli/latencies.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop::cli;
using namespace std::chrono_literals;

TEST_CASE("without measurements every percentile is zero") {
  const Latencies latencies;
  CHECK(latencies.count() == 0);
  CHECK(latencies.percentile(50) == 0us);
  CHECK(latencies.percentile(100) == 0us);
}

TEST_CASE("a single measurement is every percentile") {
  Latencies latencies;
  latencies.add(7us);
  for (const double percent : {0.1, 50.0, 99.0, 100.0})
    CHECK(latencies.percentile(percent) == 7us);
}

TEST_CASE("percentiles are measurements by nearest rank whatever the order they came in") {
  Latencies latencies;
  for (int i = 0; i < 100; ++i)
    latencies.add(std::chrono::microseconds(i * 37 % 100 + 1));  // 1 to 100, shuffled.
  CHECK(latencies.count() == 100);
  CHECK(latencies.percentile(1) == 1us);
  CHECK(latencies.percentile(50) == 50us);
  CHECK(latencies.percentile(50.5) == 51us);
  CHECK(latencies.percentile(99) == 99us);
  CHECK(latencies.percentile(100) == 100us);
}

TEST_CASE("the median of an even number of measurements is the lower of the middle two") {
  Latencies latencies;
  latencies.add(10us);
  latencies.add(20us);
  CHECK(latencies.percentile(50) == 10us);
  CHECK(latencies.percentile(51) == 20us);
}
