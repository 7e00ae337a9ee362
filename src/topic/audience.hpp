// SPDX-License-Identifier: Apache-2.0
// Many subscriptions to one topic, read by one thread: for those who measure what a service can do.
//
// A thread for each subscriber would measure the threads instead. All subscriptions share one
// connection. What arrives is told on the audience's thread, in the order in which each subscriber
// gets it; a slow listener slows the streams down. Nothing is taken up again after a break.
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace topicloop::topic {

class Rpc;

struct AudienceOptions {
  std::string cache;
  std::string topic;
  std::size_t subscribers = 1;
  // Both run on the audience's thread: must neither block nor throw.
  std::function<void(const model::SubscriptionEvent& event)> on_event;
  std::function<void(Error error)> on_end;  // A subscription has ended by itself, or is garbled.
};

class Audience {
public:
  Audience(Audience&&) noexcept;
  Audience& operator=(Audience&&) noexcept;
  ~Audience();  // Ends the subscriptions. Nothing is told any more.

private:
  friend class Client;
  struct Impl;

  // Returns once the first message of each subscription, a heartbeat, has arrived. Fails as
  // Client::subscribe() does.
  static Result<Audience> open(std::shared_ptr<Rpc> rpc, AudienceOptions options,
                               const std::stop_token& stop);
  explicit Audience(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::topic
