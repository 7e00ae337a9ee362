// SPDX-License-Identifier: Apache-2.0
// Limits as people type them: "momento", "payload=64KB,publish-rate=100", "off". Pure.
#pragma once

#include "base/error.hpp"
#include "broker/limits.hpp"

#include <string_view>

namespace topicloop::cli {

// Sets in `limits` what the spec says and leaves the others as they are. Usage, naming the spec and
// what it may say.
Result<void> parse_limits(std::string_view spec, broker::Limits& limits);

}  // namespace topicloop::cli
