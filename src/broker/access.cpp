// SPDX-License-Identifier: Apache-2.0
#include "broker/access.hpp"

#include "webhook/signature.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::broker {

namespace {

// Each takes about a kilobyte. Only the service's own keys get in, so nobody can fill it up.
constexpr std::size_t k_most_verified = 1'024;

}  // namespace

Result<void> Caller::may(TopicAction action, std::string_view cache, std::string_view topic) const {
  if (!limits) return {};
  const bool publish = action == TopicAction::Publish;
  const auto& permissions = limits->permissions;
  if (publish ? permissions.may_publish(cache, topic) : permissions.may_subscribe(cache, topic)) {
    return {};
  }
  return Error{ErrorKind::PermissionDenied,
               fmt::format("the API key does not permit {} topic \"{}\" in cache \"{}\"",
                           publish ? "publishing to" : "subscribing to", topic, cache),
               ""};
}

Result<void> Caller::may_administer() const {
  if (!limits || limits->permissions.super_user) return {};
  return Error{ErrorKind::PermissionDenied,
               "the API key permits topics only: this needs the key of a super user", ""};
}

Access::Access(AccessOptions options) : options_(std::move(options)) {
  if (options_.secret.empty()) options_.secret = webhook::generate_secret();
}

Result<Caller> Access::identify(std::string_view key, SystemTime now) {
  if (key.empty() && !options_.required) return Caller{};  // Most calls of a local service.
  auto claims = verify(key, now);
  if (!claims) {
    if (options_.required) return std::move(claims).error();
    return Caller{};
  }
  Caller caller{(*claims)->token_id};
  if (options_.required) caller.limits = *std::move(claims);
  return caller;
}

Result<std::shared_ptr<const Claims>> Access::verify(std::string_view key, SystemTime now) {
  if (const auto known = verified_.find(key); known != verified_.end()) {
    if (auto good = check_expiry(*known->second, now); !good) {
      verified_.erase(known);
      return std::move(good).error();
    }
    return known->second;
  }
  auto claims = verify_key(key, options_.secret, now);
  if (!claims) return std::move(claims).error();
  if (verified_.size() >= k_most_verified) verified_.clear();
  auto shared = std::make_shared<const Claims>(*std::move(claims));
  verified_.emplace(key, shared);
  return shared;
}

}  // namespace topicloop::broker
