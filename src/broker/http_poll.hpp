// SPDX-License-Identifier: Apache-2.0
// One long poll: wait on a topic for something to read, and take what there is.
//
// Called on an HTTP thread, reads on the event loop's.
#pragma once

#include "broker/event_loop.hpp"
#include "broker/topics_service.hpp"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace topicloop::broker {

struct PollRequest {
  std::string key;
  wire::SubscribeRequest topic;
  int connection = -1;  // The client's socket, to see it go; -1: not watched.
  std::chrono::milliseconds timeout{30'000};
};

// A serialised subscription item, or messages that were lost.
using PollItem = std::variant<SharedBytes, model::Discontinuity>;

// Waits for at least one item and takes those that are there, up to 1,000 and about 1 MiB. None if
// there was none in time or the client has gone. The error is why there is nothing to wait for, or
// why the topic or the key has ended meanwhile.
Result<std::vector<PollItem>> poll_topic(EventLoop& loop, TopicsService& topics,
                                         PollRequest request);

}  // namespace topicloop::broker
