// SPDX-License-Identifier: Apache-2.0
// An accepted webhook event on its way through the sinks, one after another.
//
// Each sink sees the request as it came and what the sinks before made of its payload, and may
// change that. Plain values; sinks are called from several threads at once, each with a passage of
// its own.
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"
#include "model/webhook.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::sink {

// Holds the secret that requests are signed with; programs that sinks start do not get it.
inline constexpr const char* k_secret_variable = "TOPICLOOP_WEBHOOK_SECRET";

struct Passage {
  const model::WebhookEvent& event;
  const std::string& id;    // Under which the request is shown; may be empty.
  const std::string& body;  // The request's, byte for byte.
  // Of the request, those that belong to the event and not to the connection.
  const std::vector<std::pair<std::string, std::string>>& headers;
  // What is published on. Nothing once a sink has decided that nothing is.
  std::optional<model::Value> outgoing;
};

struct Sink {
  std::string name;  // As in "--exec": what a failure is told with, also to the sender.
  // An error means that the event is not done, and is to be sent again.
  std::function<Result<void>(Passage&)> take;
};

}  // namespace topicloop::sink
