// SPDX-License-Identifier: Apache-2.0
// What the broker tells about webhook deliveries; it never prints.
#pragma once

#include "base/clock.hpp"
#include "model/webhook.hpp"
#include "webhook/delivery.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

namespace topicloop::broker {

// A request was handed to the network.
struct DeliverySent {
  model::Webhook webhook;
  std::uint64_t sequence_number = 0;
  std::string id;  // Short; the receiver shows the same one.
  SystemTime at;
  SystemTime published_at = {};
};

// It was answered, or will never be. A delivery that was dropped or failed on purpose was not sent
// before; its outcome's error says why, with a status if that is what was asked for.
struct DeliveryFinished {
  DeliverySent sent;
  webhook::DeliveryOutcome outcome;
  SystemTime at;
};

// Messages the webhook will never send: numbers `first` to `last` of its topic.
struct DeliveriesLost {
  model::Webhook webhook;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::string reason;
  SystemTime at;
};

using DeliveryReport = std::variant<DeliverySent, DeliveryFinished, DeliveriesLost>;

// Called on the broker's thread: must not block or throw, nor stop the broker.
using DeliveryObserver = std::function<void(const DeliveryReport&)>;

}  // namespace topicloop::broker
