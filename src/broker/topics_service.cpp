// SPDX-License-Identifier: Apache-2.0
#include "broker/topics_service.hpp"

#include <utility>

namespace topicloop::broker {

Result<std::uint64_t> TopicsService::publish(std::string_view key,
                                             const wire::PublishRequest& request, SystemTime now) {
  if (auto open = registry_.check_open(); !open) return std::move(open).error();
  auto caller = access_.identify(key, now);
  if (!caller) return std::move(caller).error();
  auto allowed = caller->may(TopicAction::Publish, request.cache, request.topic);
  if (!allowed) return std::move(allowed).error();
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
  return registry_.attach(request.cache, request.topic, request.resume, reader);
}

Result<void> TopicsService::check_key(std::string_view key, SystemTime now) {
  if (auto caller = access_.identify(key, now); !caller) return std::move(caller).error();
  return {};
}

}  // namespace topicloop::broker
