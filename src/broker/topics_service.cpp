// SPDX-License-Identifier: Apache-2.0
#include "broker/topics_service.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace topicloop::broker {

TopicsService::TopicsService(Registry& registry, Access& access, const Limits& limits)
    : registry_(registry), access_(access), limits_(limits), publish_rate_(limits.publish_rate) {}

Result<std::uint64_t> TopicsService::publish(std::string_view key,
                                             const wire::PublishRequest& request, SystemTime now) {
  if (auto open = registry_.check_open(); !open) return std::move(open).error();
  auto caller = access_.identify(key, now);
  if (!caller) return std::move(caller).error();
  auto allowed = caller->may(TopicAction::Publish, request.cache, request.topic);
  if (!allowed) return std::move(allowed).error();
  if (auto within = check_limits(request.value, now); !within) return std::move(within).error();
  return registry_.publish(request.cache, request.topic, request.value, caller->token_id, now);
}

Result<Attachment> TopicsService::subscribe(std::string_view key,
                                            const wire::SubscribeRequest& request, Reader& reader,
                                            SystemTime now) {
  if (auto open = registry_.check_open(); !open) return std::move(open).error();
  auto caller = access_.identify(key, now);
  if (!caller) return std::move(caller).error();
  auto allowed = caller->may(TopicAction::Subscribe, request.cache, request.topic);
  if (!allowed) return std::move(allowed).error();
  if (limits_.subscriptions > 0 && subscriptions_ >= limits_.subscriptions)
    return too_many_subscriptions(limits_.subscriptions);
  auto attachment = registry_.attach(request.cache, request.topic, request.resume, reader);
  if (attachment) {
    ++subscriptions_;
    attachment->hold(
        std::shared_ptr<std::uint64_t>(&subscriptions_, [](std::uint64_t* open) { --*open; }));
  }
  return attachment;
}

Result<void> TopicsService::check_limits(const model::Value& value, SystemTime now) {
  const std::uint64_t largest =
      limits_.payload == 0 ? k_largest_payload : std::min(limits_.payload, k_largest_payload);
  if (value.bytes.size() > largest) return payload_too_large(value.bytes.size(), largest);
  if (!publish_rate_.take(now)) return too_many_publishes(limits_.publish_rate);
  return {};
}

Result<void> TopicsService::check_key(std::string_view key, SystemTime now) {
  if (auto caller = access_.identify(key, now); !caller) return std::move(caller).error();
  return {};
}

}  // namespace topicloop::broker
