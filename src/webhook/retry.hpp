// SPDX-License-Identifier: Apache-2.0
// Whether a delivery that failed is tried again, and when.
//
// Waits double from 0.1 s to 30 s, each shortened by chance to half at least, so that many senders
// to one endpoint do not all come back at once; an answer's Retry-After makes one longer, never
// shorter. Pure: clock and chance are arguments.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace topicloop::webhook {

// By default one attempt and no more, as Momento's service makes.
struct RetryPolicy {
  std::uint64_t retries = 0;              // Attempts after the first one.
  std::chrono::milliseconds max_time{0};  // No attempt begins later than this; 0: no such limit.
};

struct FailedAttempt {
  std::uint64_t number = 1;                  // Of the attempt, from 1.
  int status = 0;                            // HTTP status; 0: no complete answer.
  std::string_view retry_after = {};         // The answer's header of this name, as it came.
  std::chrono::milliseconds since_first{0};  // From the beginning of the first attempt.
};

// True if it may go better next time: no complete answer, 408, 429 and 5xx. Any other answer is
// about the request itself, which will be no other.
bool may_pass(int status);

// How long to wait before the next attempt; nothing if there is to be none. `chance` is from 0 to
// below 1.
std::optional<std::chrono::milliseconds> wait_before_retry(const RetryPolicy& policy,
                                                           const FailedAttempt& attempt,
                                                           SystemTime now, double chance);

// The value of a Retry-After header, seconds or an HTTP date, as a time from now: not negative, at
// most a day. Nothing if it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, SystemTime now);

}  // namespace topicloop::webhook
