// SPDX-License-Identifier: Apache-2.0
// One open subscription to one topic.
//
// Reads one message ahead at most, so a slow consumer slows the stream down instead of filling
// memory. One thread at a time may use it; stopping and destruction end it promptly.
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace topicloop::topic {

class Rpc;

class Subscription {
public:
  using Deadline = std::chrono::steady_clock::time_point;

  Subscription(Subscription&&) noexcept;
  Subscription& operator=(Subscription&&) noexcept;
  ~Subscription();

  // The next event; nothing if `deadline` passed first (call again to go on waiting); an error once
  // the stream has ended, of kind Cancelled after a stop. An ended stream stays ended.
  Result<std::optional<model::SubscriptionEvent>> next(std::stop_token stop,
                                                       Deadline deadline = Deadline::max());

  // The message that is read first, if the service has said so (wire::k_position_header).
  std::optional<model::ResumePoint> begin() const;

private:
  friend class Client;
  struct Stream;

  static Result<Subscription> open(std::shared_ptr<Rpc> rpc, const std::string& cache,
                                   const std::string& topic, const model::ResumePoint& resume,
                                   std::stop_token stop);
  explicit Subscription(std::unique_ptr<Stream> stream);

  std::unique_ptr<Stream> stream_;
};

}  // namespace topicloop::topic
