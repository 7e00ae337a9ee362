// SPDX-License-Identifier: Apache-2.0
#include "broker/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace topicloop::broker {

Limits momento_limits() {
  return {.payload = 4'096,
          .subscriptions = 100,
          .publish_rate = 10,
          .caches = 3,
          .webhooks = 5,
          .delivery_rate = 5,
          .name_length = 128,
          .url_length = 1'024};
}

// SDKs look for "subscribers", "operations", "throughput", "request limit", "item size" and
// "element size", in this order.
Error payload_too_large(std::uint64_t size, std::uint64_t limit) {
  return {ErrorKind::LimitExceeded,
          fmt::format("a message of {} bytes is over the request limit of {} bytes", size, limit),
          "", "request_size_limit_exceeded"};
}

Error too_many_publishes(std::uint64_t limit) {
  return {ErrorKind::LimitExceeded,
          fmt::format("over the limit of {} publish operations per second", limit), "",
          "operations_rate_limit_exceeded"};
}

Error too_many_subscriptions(std::uint64_t limit) {
  return {ErrorKind::LimitExceeded, fmt::format("over the limit of {} subscribers", limit), "",
          "topic_subscriptions_limit_exceeded"};
}

Error too_many_caches(std::uint64_t limit) {
  return {ErrorKind::LimitExceeded, fmt::format("over the limit of {} caches", limit), ""};
}

Error too_many_webhooks(std::uint64_t limit) {
  return {ErrorKind::LimitExceeded, fmt::format("over the limit of {} webhooks in a cache", limit),
          ""};
}

Result<void> check_length(std::string_view what, std::string_view text, std::uint64_t limit) {
  const auto length = static_cast<std::uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
  if (limit == 0 || length <= limit) return {};
  return Error{ErrorKind::InvalidArgument,
               fmt::format("the {} has {} characters; at most {} are allowed", what, length, limit),
               ""};
}

TokenBucket::TokenBucket(std::uint64_t per_second)
    : per_second_(static_cast<double>(per_second)), tokens_(per_second_) {}

bool TokenBucket::take(SystemTime now) {
  if (per_second_ == 0) return true;
  if (now > filled_at_) {
    const std::chrono::duration<double> passed = now - filled_at_;
    tokens_ = std::min(per_second_, tokens_ + passed.count() * per_second_);
    filled_at_ = now;
  }
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace topicloop::broker
