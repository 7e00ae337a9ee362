// SPDX-License-Identifier: Apache-2.0
// Publish and subscribe on the wire: plain structs to protobuf bytes and back.
//
// Hides the generated protobuf code. Field meanings are in proto/pubsub.proto; the reply to a
// publish carries nothing: no bytes. Texts given to serialize must be UTF-8, and each message below
// 2 GiB. Pure functions, thread-safe.
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace topicloop::wire {

struct PublishRequest {
  std::string cache;
  std::string topic;
  model::Value value;

  bool operator==(const PublishRequest&) const = default;
};

struct SubscribeRequest {
  std::string cache;
  std::string topic;
  model::ResumePoint resume;

  bool operator==(const SubscribeRequest&) const = default;
};

std::string serialize(const PublishRequest& request);
std::string serialize(const SubscribeRequest& request);

// Names may come back empty: whether that is allowed is not decided here. InvalidArgument if the
// bytes are malformed, text is not UTF-8, or a publish request carries no value.
Result<PublishRequest> parse_publish_request(std::string_view bytes);
Result<SubscribeRequest> parse_subscribe_request(std::string_view bytes);

// One element of a subscription's stream, holding a message. Cache and topic are not in it: the
// stream is theirs.
std::string serialize_item(std::uint64_t sequence_number, std::uint64_t sequence_page,
                           std::string_view publisher_id, const model::Value& value);

// One element of a subscription's stream.
std::string serialize(const model::SubscriptionEvent& event);

// Where a subscription stands when it begins: the message it reads next. Our own service says so in
// this response header, "NUMBER/PAGE", which Momento's has not; so a client knows what to ask for
// after a break even if nothing has arrived before it.
inline constexpr const char* k_position_header = "topicloop-position";
std::string to_header(const model::ResumePoint& position);
// Nothing if `text` is not one.
std::optional<model::ResumePoint> parse_position(std::string_view text);

// One element of the stream of a subscription to `topic` in `cache`. A message without a payload
// has an empty binary one, as Momento's own clients read it. ServiceFailed if the bytes are
// malformed, text is not UTF-8, or the element is of no known kind.
Result<model::SubscriptionEvent> parse_subscription_item(std::string_view bytes,
                                                         const std::string& cache,
                                                         const std::string& topic);

}  // namespace topicloop::wire
