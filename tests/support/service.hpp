// SPDX-License-Identifier: Apache-2.0
// A broker on a free port and a client of it, for tests of the real gRPC stack.
#pragma once

#include "broker/broker.hpp"
#include "support/eventually.hpp"
#include "topic/client.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::test {

inline constexpr const char* k_cache = "cache";

// The value, or a failed test.
template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error("unexpected error: " + result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

inline broker::BrokerOptions options_for_tests() {
  broker::BrokerOptions options;
  options.caches = {k_cache};
  return options;
}

inline topic::Client client_of(const std::string& endpoint) {
  topic::ConnectionOptions options;
  options.endpoint = endpoint;
  options.timeout = k_patience;
  return must(topic::Client::connect(options));
}

struct Service {
  explicit Service(broker::BrokerOptions options = options_for_tests())
      : broker(must(broker::Broker::start(std::move(options)))),
        client(client_of(broker.endpoint())) {}

  void publish(const std::string& topic, const std::string& text) const {
    must(client.publish(k_cache, topic, model::Value::text(text)));
  }

  topic::Subscription subscribe(const std::string& topic,
                                const model::ResumePoint& resume = {}) const {
    return must(client.subscribe(k_cache, topic, resume));
  }

  broker::Broker broker;
  topic::Client client;
};

// The next event; a failed test if none comes or the stream has ended.
inline model::SubscriptionEvent next_event(topic::Subscription& subscription) {
  auto event = must(subscription.next({}, std::chrono::steady_clock::now() + k_patience));
  if (!event) throw std::runtime_error("no event came");
  return *std::move(event);
}

// The next that is not a heartbeat.
inline model::SubscriptionEvent next_but_heartbeats(topic::Subscription& subscription) {
  while (true) {
    auto event = next_event(subscription);
    if (!std::holds_alternative<model::Heartbeat>(event)) return event;
  }
}

inline model::Message next_message(topic::Subscription& subscription) {
  return std::get<model::Message>(next_but_heartbeats(subscription));
}

// Why the stream ends, after whatever still comes.
inline Error end_of(topic::Subscription& subscription) {
  while (true) {
    auto event = subscription.next({}, std::chrono::steady_clock::now() + k_patience);
    if (!event) return event.error();
    if (!*event) throw std::runtime_error("the stream does not end");
  }
}

}  // namespace topicloop::test
