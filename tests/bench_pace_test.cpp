// SPDX-License-Identifier: Apache-2.0
#include "bench/pace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop::bench;
using namespace std::chrono_literals;

TEST_CASE("at a pace every operation is due at its own time") {
  const Pace pace(200);
  CHECK(pace.due(0) == 0ns);
  CHECK(pace.due(1) == 5ms);
  CHECK(pace.due(1'000'000) == 5'000s);
}

TEST_CASE("a pace that is no whole number does not drift") {
  const Pace pace(3);
  CHECK(pace.due(3'000'000'000) == 1'000'000'000s);
}

TEST_CASE("without a pace nothing is due at any time") {
  CHECK_FALSE(Pace(0).due(0));
}
