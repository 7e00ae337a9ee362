// SPDX-License-Identifier: Apache-2.0
// The wall clock, and the two ways topicloop writes a moment down.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace topicloop {

using SystemTime = std::chrono::system_clock::time_point;

// Milliseconds since the Unix epoch, the unit of every timestamp in a webhook event.
std::int64_t to_epoch_ms(SystemTime time);

// "2026-03-01T14:29:43.123456Z": RFC 3339, UTC, microseconds.
std::string to_rfc3339(SystemTime time);

// "14:29:43.123": local time of day, for people.
std::string to_time_of_day(SystemTime time);

}  // namespace topicloop
