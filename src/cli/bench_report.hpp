// SPDX-License-Identifier: Apache-2.0
// How a benchmark's result is shown: a few lines and the shape of the latencies, or one record.
#pragma once

#include "bench/report.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace topicloop::cli {

std::string text_of(const bench::Report& report);
// {"type":"bench",...}; see docs/bench.md.
nlohmann::ordered_json record_of(const bench::Report& report);

}  // namespace topicloop::cli
