// SPDX-License-Identifier: Apache-2.0
// Publish and subscribe as the service offers them, whatever front the call came in by.
//
// Decides in this order: is the service open, is the key anybody's, may its holder do this, is it
// within the limits; then the registry does it. Belongs to the event loop's thread.
#pragma once

#include "broker/access.hpp"
#include "broker/registry.hpp"
#include "wire/pubsub.hpp"

namespace topicloop::broker {

class TopicsService {
public:
  // Both must outlive it.
  TopicsService(Registry& registry, Access& access) : registry_(registry), access_(access) {}

  // The result is the message's sequence number.
  Result<std::uint64_t> publish(std::string_view key, const wire::PublishRequest& request,
                                SystemTime now);

  // `reader` must outlive the result.
  Result<Attachment> subscribe(std::string_view key, const wire::SubscribeRequest& request,
                               Reader& reader, SystemTime now);

  // Whether who subscribed with `key` may still be served: keys expire.
  Result<void> check_key(std::string_view key, SystemTime now);

private:
  Registry& registry_;
  Access& access_;
};

}  // namespace topicloop::broker
