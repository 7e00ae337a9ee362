// SPDX-License-Identifier: Apache-2.0
// Durations as people type and read them.
#pragma once

#include "base/error.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace topicloop::cli {

// Reads "250ms", "5s", "1.5m", "2h" or a bare number of seconds. Not negative, at most 1,000 hours.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// "870us", "1.24ms", "18ms", "2.5s": no more digits than anybody reads.
std::string format_duration(std::chrono::microseconds duration);

}  // namespace topicloop::cli
