// SPDX-License-Identifier: Apache-2.0
// The consumer of the pattern: take a verified webhook event, transform it, publish it on.
#pragma once

#include "topic/client.hpp"
#include "webhook/receiver.hpp"
#include "webhook/transform.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct ConsumerOptions {
  webhook::Transform transform = webhook::Transform::Identity;
  std::vector<std::string> publish_to;  // Outbound topics; may be empty.
};

void add_transform_flag(CLI::App& command, webhook::Transform& transform);

// Answers 200 once every outbound topic has accepted the message, else 502 naming the first that
// did not, so that the sender knows. `client` may be empty if nothing is published; its timeout
// bounds how long an answer, and so ending, may take. The handler may be called from several
// threads at once.
webhook::Receiver::Handler make_consumer(ConsumerOptions options,
                                         std::optional<topic::Client> client, std::string cache);

// What the consumer makes of a payload. Binary payloads pass unchanged.
model::Value transformed(webhook::Transform transform, const model::Value& payload);

}  // namespace topicloop::cli
