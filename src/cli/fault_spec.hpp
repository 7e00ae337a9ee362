// SPDX-License-Identifier: Apache-2.0
// Faults as people type them: "topic-publish:error=unavailable,count=2".
//
// A target, then what goes wrong there: error (a status name; for webhook an HTTP status) with
// count if not always, delay with delay-count the same, and for topic-subscribe stream-error with
// after, which it needs. Each at most once. Pure.
#pragma once

#include "base/error.hpp"
#include "broker/fault_rule.hpp"

#include <string_view>

namespace topicloop::cli {

// Usage, naming the spec and what it may say.
Result<broker::Fault> parse_fault(std::string_view spec);

}  // namespace topicloop::cli
