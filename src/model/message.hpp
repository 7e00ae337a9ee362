// SPDX-License-Identifier: Apache-2.0
// What travels on a topic: messages, and what a subscription is told between them.
//
// Plain values shared by every room. Field meanings follow Momento's public protobuf definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace topicloop::model {

// The payload of a message. Text is UTF-8; binary is any bytes.
struct Value {
  enum class Kind { Text, Binary };

  Kind kind = Kind::Text;
  std::string bytes;

  static Value text(std::string bytes) { return {Kind::Text, std::move(bytes)}; }
  static Value binary(std::string bytes) { return {Kind::Binary, std::move(bytes)}; }
  bool is_text() const { return kind == Kind::Text; }
  bool operator==(const Value&) const = default;
};

// One message as a subscriber receives it.
struct Message {
  std::string cache;
  std::string topic;
  std::uint64_t sequence_number = 0;  // From 1, +1 per publish, per topic.
  std::uint64_t sequence_page = 0;    // Changes when the numbering starts over; below 2^53.
  std::string publisher_id;           // Token id of the publisher's disposable token, or empty.
  Value value;

  bool operator==(const Message&) const = default;
};

// Messages were lost: the numbers `last_topic_sequence` to `new_topic_sequence`, both included, of
// what a reader asked for are not available. What follows starts at `new_topic_sequence` + 1 on
// page `new_sequence_page`. If the page changed, the numbering started over and the first two
// fields belong to different numberings.
struct Discontinuity {
  std::uint64_t last_topic_sequence = 0;
  std::uint64_t new_topic_sequence = 0;
  std::uint64_t new_sequence_page = 0;

  bool operator==(const Discontinuity&) const = default;
};

// What a subscriber did not get and will not get any more, as far as that is known.
struct Gap {
  // Numbers from `first` to `last`, both included, on one page; without `last`: however many there
  // were after `first`, because the numbering started over.
  struct Range {
    std::uint64_t sequence_page = 0;
    std::uint64_t first = 1;
    std::optional<std::uint64_t> last;

    bool operator==(const Range&) const = default;
  };

  std::string cache;
  std::string topic;
  std::vector<Range> missing;  // Empty: nobody knows whether, and which.

  bool operator==(const Gap&) const = default;
};

// The service is alive; carries nothing.
struct Heartbeat {
  bool operator==(const Heartbeat&) const = default;
};

using SubscriptionEvent = std::variant<Message, Discontinuity, Heartbeat>;

// Where a subscription begins. Number 0: only what is published from now on. Number 1 on page 0:
// whatever history there is. Any other number: that message and everything after it, on `page`.
struct ResumePoint {
  std::uint64_t sequence_number = 0;
  std::uint64_t sequence_page = 0;

  bool operator==(const ResumePoint&) const = default;
};

}  // namespace topicloop::model
