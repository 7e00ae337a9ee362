// SPDX-License-Identifier: Apache-2.0
// Where a command begins to follow topics, and beginning there.
#pragma once

#include "model/message.hpp"
#include "topic/client.hpp"
#include "topic/follower.hpp"

#include <chrono>
#include <stop_token>
#include <string>

namespace topicloop::cli {

// What --from means: a sequence number, "beginning", or empty for what is new. Throws CommandError
// (Usage) for anything else.
model::ResumePoint parse_from(const std::string& text);

// Begins to follow the topic. A service that is there but not yet, or not just now, serving is
// waited for until `give_up`, as one that is not there. Throws CommandError.
topic::Follower open_follower(const topic::Client& client, const std::string& cache,
                              const std::string& topic, const model::ResumePoint& start,
                              std::chrono::steady_clock::time_point give_up,
                              const std::stop_token& stop);

}  // namespace topicloop::cli
