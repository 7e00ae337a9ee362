// SPDX-License-Identifier: Apache-2.0
// Asks a running service's HTTP port which topics it has, as GET /state tells (state_report.hpp).
//
// For whoever has somebody waiting at a prompt: bounded in time. Without a key, so a service that
// requires keys does not answer.
#pragma once

#include "base/error.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace topicloop::broker {

// `origin` is as http://127.0.0.1:9090.
Result<std::vector<std::string>> topics_of(const std::string& origin, const std::string& cache,
                                           std::chrono::milliseconds timeout);

}  // namespace topicloop::broker
