// SPDX-License-Identifier: Apache-2.0
// Reading back the moments that base/clock.hpp writes. Pure.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string_view>

namespace topicloop::capture {

// RFC 3339 with any number of decimals and any offset; what is finer than the clock is cut off.
// Nothing if `text` is not that, or lies outside of the years 1700 to 2200.
std::optional<SystemTime> parse_rfc3339(std::string_view text);

}  // namespace topicloop::capture
