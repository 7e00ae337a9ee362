// SPDX-License-Identifier: Apache-2.0
// Publishes many messages on one thread, several of them in flight at a time.
//
// With one in flight (the default) messages are accepted strictly in the order given; with more,
// the service may see neighbours swapped. Memory is bounded by the window. One thread at a time may
// use it; results are reported on that thread, from inside publish() and flush().
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace topicloop::topic {

class Rpc;

struct PublisherOptions {
  std::string cache;
  std::size_t in_flight = 1;  // At least 1; 16 to 64 is fastest.
  // Called once for each message, in the order the service answers. `index` counts calls of
  // publish() from 0.
  std::function<void(std::uint64_t index, const Result<void>& outcome)> on_result;
};

class Publisher {
public:
  Publisher(Publisher&&) noexcept;
  Publisher& operator=(Publisher&&) noexcept;
  ~Publisher();  // Cancels what is in flight, without reporting it.

  // Sends; returns when there is room in the window for the next message (with one in flight: when
  // this one is answered).
  void publish(const std::string& topic, const model::Value& value, std::stop_token stop = {});

  // Waits until everything is answered. A stop cancels what is in flight, here and in publish().
  void flush(std::stop_token stop = {});

private:
  friend class Client;
  struct Window;

  Publisher(std::shared_ptr<Rpc> rpc, PublisherOptions options);

  std::unique_ptr<Window> window_;
};

}  // namespace topicloop::topic
