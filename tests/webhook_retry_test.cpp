// SPDX-License-Identifier: Apache-2.0
#include "webhook/retry.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace topicloop;
using namespace topicloop::webhook;
using namespace std::chrono_literals;

namespace {

constexpr double k_least_chance = 0;
constexpr double k_most_chance = 0.999'999;
constexpr RetryPolicy k_patient{.retries = 1'000'000};

// 1994-11-06T08:49:37Z, the moment HTTP's own examples show.
const SystemTime k_now = std::chrono::system_clock::from_time_t(784'111'777);

std::optional<std::chrono::milliseconds> wait_after(const FailedAttempt& attempt,
                                                    const RetryPolicy& policy = k_patient,
                                                    double chance = k_least_chance) {
  return wait_before_retry(policy, attempt, k_now, chance);
}

}  // namespace

TEST_CASE("no answer, 408, 429 and 5xx may pass and nothing else") {
  for (const int status : {0, 408, 429, 500, 502, 503, 504, 599}) {
    INFO(status);
    CHECK(may_pass(status));
    CHECK(wait_after({.status = status}));
  }
  for (const int status : {100, 200, 204, 301, 307, 400, 401, 403, 404, 409, 413, 499, 600}) {
    INFO(status);
    CHECK_FALSE(may_pass(status));
    CHECK_FALSE(wait_after({.status = status}));
  }
}

TEST_CASE("by default there is one attempt") {
  CHECK_FALSE(wait_after({.status = 503}, RetryPolicy{}));
  CHECK_FALSE(wait_after({.status = 0}, RetryPolicy{}));
}

TEST_CASE("as many retries are made as the policy has and no more") {
  const RetryPolicy policy{.retries = 2};
  CHECK(wait_after({.number = 1}, policy));
  CHECK(wait_after({.number = 2}, policy));
  CHECK_FALSE(wait_after({.number = 3}, policy));
}

TEST_CASE("waits double from a tenth of a second to 30 seconds") {
  std::vector<std::chrono::milliseconds> waits;
  for (std::uint64_t number = 1; number <= 11; ++number)
    waits.push_back(*wait_after({.number = number}));
  CHECK(waits == std::vector<std::chrono::milliseconds>{100ms, 200ms, 400ms, 800ms, 1'600ms,
                                                        3'200ms, 6'400ms, 12'800ms, 25'600ms, 30s,
                                                        30s});
  CHECK(wait_after({.number = 999'999}) == 30s);
}

TEST_CASE("chance shortens a wait to half at least") {
  CHECK(wait_after({.number = 1}, k_patient, k_most_chance) == 50ms);
  CHECK(wait_after({.number = 1}, k_patient, 0.5) == 75ms);
  CHECK(wait_after({.number = 20}, k_patient, k_most_chance) == 15s);
}

TEST_CASE("Retry-After makes a wait longer and never shorter") {
  CHECK(wait_after({.status = 429, .retry_after = "7"}) == 7s);
  CHECK(wait_after({.status = 503, .retry_after = "7"}, k_patient, k_most_chance) == 7s);
  CHECK(wait_after({.number = 10, .status = 429, .retry_after = "7"}) == 30s);
  CHECK(wait_after({.status = 429, .retry_after = "0"}) == 100ms);
  CHECK(wait_after({.status = 429, .retry_after = "Sun, 06 Nov 1994 08:50:37 GMT"}) == 60s);
  CHECK(wait_after({.status = 429, .retry_after = "soon"}) == 100ms);
}

TEST_CASE("no attempt begins after the longest time") {
  const RetryPolicy policy{.retries = 100, .max_time = 10s};
  CHECK(wait_after({.number = 1, .since_first = 9'900ms}, policy) == 100ms);
  CHECK_FALSE(wait_after({.number = 1, .since_first = 9'901ms}, policy));
  CHECK_FALSE(wait_after({.status = 429, .retry_after = "11"}, policy));
  CHECK(wait_after({.status = 429, .retry_after = "10"}, policy) == 10s);
}

TEST_CASE("Retry-After is read as seconds or as any of HTTP's three dates") {
  CHECK(parse_retry_after("120", k_now) == 120s);
  CHECK(parse_retry_after(" 120\t", k_now) == 120s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", k_now) == 60s);
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:50:37 GMT", k_now) == 60s);
  CHECK(parse_retry_after("Sun Nov  6 08:50:37 1994", k_now) == 60s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", k_now + 59'250ms) == 750ms);
}

TEST_CASE("a Retry-After in the past means at once and one far off at most a day") {
  CHECK(parse_retry_after("Sat, 05 Nov 1994 08:49:37 GMT", k_now) == 0s);
  CHECK(parse_retry_after("Sun, 06 Nov 2094 08:49:37 GMT", k_now) == 24h);
  CHECK(parse_retry_after("86400", k_now) == 24h);
  CHECK(parse_retry_after("86401", k_now) == 24h);
  CHECK(parse_retry_after("99999999999999999999999", k_now) == 24h);
}

TEST_CASE("what is neither seconds nor a date is no Retry-After") {
  for (const char* value : {"", " ", "soon", "-1", "1.5", "0x10", "12 parsecs"}) {
    INFO(value);
    CHECK_FALSE(parse_retry_after(value, k_now));
  }
}
