// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace topicloop;
using namespace std::chrono_literals;

TEST_CASE("moments are written as RFC 3339 in UTC with microseconds") {
  CHECK(to_rfc3339(SystemTime{}) == "1970-01-01T00:00:00.000000Z");
  CHECK(to_rfc3339(SystemTime{1'748'358'253s + 42us}) == "2025-05-27T15:04:13.000042Z");
  CHECK(to_rfc3339(SystemTime{-1us}) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("epoch milliseconds round down") {
  CHECK(to_epoch_ms(SystemTime{1'500us}) == 1);
  CHECK(to_epoch_ms(SystemTime{-1us}) == -1);
}
