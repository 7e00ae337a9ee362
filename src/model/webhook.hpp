// SPDX-License-Identifier: Apache-2.0
// Webhooks: what is registered on the service, and what one delivers.
//
// Plain values shared by every room.
#pragma once

#include <cstdint>
#include <string>

namespace topicloop::model {

// A webhook is known by its name within a cache.
struct WebhookId {
  std::string cache;
  std::string name;

  auto operator<=>(const WebhookId&) const = default;
};

// Every message published to `topic` is sent to `url` as an HTTP POST.
struct Webhook {
  WebhookId id;
  std::string topic;
  std::string url;

  bool operator==(const Webhook&) const = default;
};

// The body of such a POST. Timestamps are milliseconds since the Unix epoch.
struct WebhookEvent {
  std::string cache;
  std::string topic;
  std::int64_t event_timestamp = 0;    // When the message was published.
  std::int64_t publish_timestamp = 0;  // When the webhook was fired.
  std::uint64_t topic_sequence_number = 0;
  std::string token_id;  // Token id of the publisher's disposable token, or empty.
  std::string text;      // The payload, UTF-8.

  bool operator==(const WebhookEvent&) const = default;
};

}  // namespace topicloop::model
