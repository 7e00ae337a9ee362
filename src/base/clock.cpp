// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <fmt/format.h>

#include <ctime>

namespace topicloop {

namespace {

// Whole seconds and the microseconds within the second, also right before 1970.
struct SplitTime {
  std::time_t seconds;
  std::int64_t microseconds;
};

SplitTime split(SystemTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(time - seconds);
  return {std::chrono::system_clock::to_time_t(seconds), rest.count()};
}

}  // namespace

std::int64_t to_epoch_ms(SystemTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

std::string to_rfc3339(SystemTime time) {
  const SplitTime at = split(time);
  std::tm utc{};
  gmtime_r(&at.seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                     at.microseconds);
}

std::string to_time_of_day(SystemTime time) {
  const SplitTime at = split(time);
  std::tm local{};
  localtime_r(&at.seconds, &local);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", local.tm_hour, local.tm_min, local.tm_sec,
                     at.microseconds / 1000);
}

}  // namespace topicloop
