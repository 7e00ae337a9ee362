// SPDX-License-Identifier: Apache-2.0
// What a process on this machine has used so far.
#pragma once

#include "bench/report.hpp"

#include <optional>

namespace topicloop::cli {

// Processor time since its beginning, to the nanosecond, and memory now. Nothing if there is no
// such process. `id` 0 is this one.
std::optional<bench::Usage> usage_of(int id);

}  // namespace topicloop::cli
