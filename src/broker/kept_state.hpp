// SPDX-License-Identifier: Apache-2.0
// What a service keeps across restarts, messages excepted, and how that is written down.
//
// The text is JSON, for people to look into, with a format version of its own. A text that is not
// exactly what to_json() writes in meaning (another version, a missing field, a webhook without its
// cache) is BadInput and never half understood. Plain values; pure.
#pragma once

#include "base/error.hpp"
#include "model/webhook.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace topicloop::broker {

struct KeptWebhook {
  model::Webhook webhook;
  std::string secret;

  bool operator==(const KeptWebhook&) const = default;
};

struct KeptState {
  std::uint64_t next_page = 1;  // Sequence pages from here on were never used.
  std::set<std::string> caches;
  std::map<model::WebhookId, KeptWebhook> webhooks;

  bool operator==(const KeptState&) const = default;
};

// Fails with InvalidArgument for a name that is not UTF-8, which JSON cannot carry.
Result<std::string> to_json(const KeptState& state);

// The error says what is wrong; where the text came from is the caller's to add.
Result<KeptState> parse_kept_state(std::string_view json);

}  // namespace topicloop::broker
