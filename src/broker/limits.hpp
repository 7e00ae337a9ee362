// SPDX-License-Identifier: Apache-2.0
// How much the service lets its clients do, and how it refuses more.
//
// Off unless set. The refusals are what SDKs recognise: a subtype for the trailer "err" and, for
// those that only read the text, the words they look for in it; so no name of a user's is in them.
// Plain values and pure functions.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <string_view>

namespace topicloop::broker {

// 0 is no limit.
struct Limits {
  std::uint64_t payload = 0;        // Bytes of a message.
  std::uint64_t subscriptions = 0;  // Open at a time.
  std::uint64_t publish_rate = 0;   // Messages per second.
  std::uint64_t caches = 0;
  std::uint64_t webhooks = 0;       // Per cache.
  std::uint64_t delivery_rate = 0;  // Deliveries per second, per webhook.
  std::uint64_t name_length = 0;    // Characters of a webhook's name.
  std::uint64_t url_length = 0;     // Characters of its URL.

  bool operator==(const Limits&) const = default;
};

// Those of Momento's documentation, for an account without further arrangements.
Limits momento_limits();

// The largest payload there can be, limits or not. An item that carries it is within the 10,486,000
// bytes that SDKs receive, with some room for what comes along.
inline constexpr std::uint64_t k_largest_payload = 10U << 20U;

// Each is LimitExceeded; the argument is the limit.
Error payload_too_large(std::uint64_t size, std::uint64_t limit);
Error too_many_publishes(std::uint64_t limit);
Error too_many_subscriptions(std::uint64_t limit);
Error too_many_caches(std::uint64_t limit);
Error too_many_webhooks(std::uint64_t limit);

// InvalidArgument if `text` has more characters (code points) than a limit allows.
Result<void> check_length(std::string_view what, std::string_view text, std::uint64_t limit);

// A rate, with bursts of as much as one second allows.
class TokenBucket {
public:
  explicit TokenBucket(std::uint64_t per_second);  // 0: never empty.

  // False if it is empty. A clock that was set back gives nothing for the time it repeats.
  bool take(SystemTime now);

private:
  double per_second_;
  double tokens_;
  SystemTime filled_at_{};
};

}  // namespace topicloop::broker
