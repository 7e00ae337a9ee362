// SPDX-License-Identifier: Apache-2.0
// Publish and subscribe as the service offers them, whatever front the call came in by.
//
// Decides in this order: is the service open, is the key anybody's, may its holder do this, is it
// within the limits; then the registry does it. Belongs to the event loop's thread.
#pragma once

#include "broker/access.hpp"
#include "broker/limits.hpp"
#include "broker/registry.hpp"
#include "wire/pubsub.hpp"

namespace topicloop::broker {

class TopicsService {
public:
  // Registry and access must outlive it, and it the attachments that subscribe() gives.
  TopicsService(Registry& registry, Access& access, const Limits& limits = {});

  // The result is the message's sequence number.
  Result<std::uint64_t> publish(std::string_view key, const wire::PublishRequest& request,
                                SystemTime now);

  // `reader` must outlive the result.
  Result<Attachment> subscribe(std::string_view key, const wire::SubscribeRequest& request,
                               Reader& reader, SystemTime now);

  // Whether who subscribed with `key` may still be served: keys expire.
  Result<void> check_key(std::string_view key, SystemTime now);

private:
  Result<void> check_limits(const model::Value& value, SystemTime now);

  Registry& registry_;
  Access& access_;
  Limits limits_;
  TokenBucket publish_rate_;
  std::uint64_t subscriptions_ = 0;  // Open now.
};

}  // namespace topicloop::broker
