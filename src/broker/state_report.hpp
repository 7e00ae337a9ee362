// SPDX-License-Identifier: Apache-2.0
// What the service knows about itself at one moment: plain values, and the JSON of GET /state.
//
// Bytes are those of messages as subscribers get them. Secrets are never in here. Pure.
#pragma once

#include "model/webhook.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace topicloop::broker {

// Counted from the cache's beginning; webhooks are not in it.
struct Traffic {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;

  void add(std::size_t size) {
    ++messages;
    bytes += size;
  }
};

struct TopicReport {
  std::string name;
  std::uint64_t next_sequence_number = 1;
  std::size_t messages = 0;  // Kept, as are their bytes.
  std::size_t bytes = 0;
  std::size_t subscribers = 0;
};

struct CacheReport {
  std::string name;
  std::uint64_t sequence_page = 0;
  Traffic published;
  Traffic delivered;  // To subscribers, all together.
  std::vector<TopicReport> topics;
};

struct WebhookReport {
  model::Webhook webhook;
  std::uint64_t delivered = 0;
  std::uint64_t failed = 0;
  std::uint64_t lost = 0;  // Never sent.
  std::size_t under_way = 0;
};

struct StateReport {
  bool open = true;  // False while calls are refused.
  std::vector<CacheReport> caches;
  std::vector<WebhookReport> webhooks;
};

// One object, indented for people.
std::string to_json(const StateReport& report);

}  // namespace topicloop::broker
