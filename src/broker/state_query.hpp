// SPDX-License-Identifier: Apache-2.0
// Asks a running service's HTTP port which topics it has, as GET /state tells (state_report.hpp).
//
// For whoever has somebody waiting at a prompt: bounded in time. A service that requires keys
// answers only with one.
#pragma once

#include "base/error.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace topicloop::broker {

// `origin` is as http://127.0.0.1:9090. `api_key` is sent to it, unless empty.
Result<std::vector<std::string>> topics_of(const std::string& origin, const std::string& cache,
                                           std::chrono::milliseconds timeout,
                                           const std::string& api_key = "");

}  // namespace topicloop::broker
