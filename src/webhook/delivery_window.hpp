// SPDX-License-Identifier: Apache-2.0
// Which deliveries may begin now, and up to which message of each topic everything is settled.
//
// Holds the messages taken from topics until every endpoint is through with them. Bounded for each
// topic: while there is no room the topic is not to be read, so that a slow endpoint slows the
// stream down instead of filling memory, and a stuck topic holds up no other. What is settled
// advances over the messages in their order only, so whoever begins again after it repeats some
// messages at most and leaves none out. Pure; not thread-safe.
#pragma once

#include "base/clock.hpp"
#include "model/message.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace topicloop::webhook {

struct HeldMessage {
  model::Message message;
  SystemTime received_at;
};

class DeliveryWindow {
public:
  struct Options {
    std::vector<std::size_t> concurrency = {1};  // Deliveries at a time, by endpoint.
    // A topic's next message begins at an endpoint only after the former was settled there.
    bool ordered = false;
    // Held for each topic; the bytes may be exceeded by one message.
    std::size_t messages = 1'000;
    std::size_t bytes = 64U << 20U;
  };

  // A delivery that begins. Give it back with settle(), or not at all if it is to stay open.
  struct Turn {
    std::shared_ptr<const HeldMessage> held;
    std::size_t endpoint = 0;
    std::size_t topic = 0;
    std::uint64_t place = 0;  // Of the message among those of its topic.
  };

  DeliveryWindow(Options options, std::size_t topics);

  bool has_room(std::size_t topic) const;
  void take(std::size_t topic, HeldMessage message);
  // After what was taken so far, the topic goes on at `next`: messages in between will not come.
  void skip(std::size_t topic, const model::ResumePoint& next);

  // Begins a delivery, of the topics in turn; nothing if none may begin now.
  std::optional<Turn> next();
  // The message was delivered there, or given up for good.
  void settle(const Turn& turn);

  // What to begin with after all that is settled; nothing if that has not changed since the last
  // call.
  std::optional<model::ResumePoint> advanced(std::size_t topic);

  // Messages that are not settled everywhere.
  std::size_t open() const;

private:
  struct Entry {
    std::shared_ptr<const HeldMessage> held;  // Null: skipped.
    std::size_t open_endpoints = 0;
    model::ResumePoint next;  // After this one.
  };

  struct Topic {
    std::deque<Entry> entries;
    std::uint64_t first_place = 0;          // Of the first entry.
    std::size_t messages = 0;               // Of all entries.
    std::size_t bytes = 0;                  // Likewise.
    std::vector<std::uint64_t> next_place;  // To begin, by endpoint.
    std::vector<std::size_t> under_way;     // By endpoint.
    std::optional<model::ResumePoint> advanced;

    // The entry that is to begin next at the endpoint, if there is one.
    const Entry* next_entry(std::size_t endpoint);
    void drop_settled();
  };

  bool may_begin(const Topic& topic, std::size_t endpoint) const;

  const Options options_;
  std::vector<Topic> topics_;
  std::vector<std::size_t> under_way_;  // Over all topics, by endpoint.
  std::size_t next_topic_ = 0;          // That has its turn.
};

}  // namespace topicloop::webhook
