// SPDX-License-Identifier: Apache-2.0
#include "webhook/retry.hpp"

#include "base/text.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace topicloop::webhook {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_shortest_wait{100};
constexpr milliseconds k_longest_wait{30'000};
constexpr milliseconds k_longest_retry_after = std::chrono::hours(24);
// From here on doubling would exceed the longest wait anyway.
constexpr std::uint64_t k_most_doublings = 10;

milliseconds backoff(std::uint64_t failed_attempts, double chance) {
  const std::uint64_t doublings = std::min(failed_attempts - 1, k_most_doublings);
  const auto full = std::min(k_shortest_wait * (1 << doublings), k_longest_wait);
  return std::chrono::duration_cast<milliseconds>(full * (1.0 - chance / 2));
}

milliseconds within_bounds(milliseconds wait) {
  return std::clamp(wait, milliseconds(0), k_longest_retry_after);
}

}  // namespace

bool may_pass(int status) {
  return status == 0 || status == 408 || status == 429 || (status >= 500 && status < 600);
}

std::optional<milliseconds> wait_before_retry(const RetryPolicy& policy,
                                              const FailedAttempt& attempt, SystemTime now,
                                              double chance) {
  if (!may_pass(attempt.status) || attempt.number > policy.retries) return std::nullopt;
  milliseconds wait = backoff(attempt.number, chance);
  if (const auto asked = parse_retry_after(attempt.retry_after, now)) wait = std::max(wait, *asked);
  const bool is_too_late =
      policy.max_time.count() > 0 && attempt.since_first + wait > policy.max_time;
  if (is_too_late) return std::nullopt;
  return wait;
}

std::optional<milliseconds> parse_retry_after(std::string_view value, SystemTime now) {
  const std::string_view text = trimmed(value);
  if (text.empty()) return std::nullopt;
  if (text.find_first_not_of("0123456789") == std::string_view::npos) {
    std::uint64_t seconds = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const std::uint64_t most = k_longest_retry_after / std::chrono::seconds(1);
    if (parsed.ec != std::errc()) seconds = most;  // More than a number can hold.
    return std::chrono::seconds(std::min(seconds, most));
  }
  const std::time_t date = ::curl_getdate(std::string(text).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return within_bounds(
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::from_time_t(date) - now));
}

}  // namespace topicloop::webhook
