// SPDX-License-Identifier: Apache-2.0
// What can be made to go wrong on purpose, and what a status is called by those who ask for it.
//
// Plain data and pure functions, shared by what is read from request headers and from the command
// line. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace topicloop::broker {

enum class FaultTarget { TopicPublish, TopicSubscribe, Webhook };

// As requests and specs name it: "topic-publish", "topic-subscribe", "webhook".
std::string_view name_of(FaultTarget target);

// Nothing goes wrong unless it says so. A count is for the first so many calls; absent, all.
struct FaultRule {
  std::optional<int> error;  // A gRPC status code; of a webhook, an HTTP status.
  std::optional<std::uint64_t> error_count;
  std::chrono::milliseconds delay{0};  // Before the call does anything, failing included.
  std::optional<std::uint64_t> delay_count;
  std::optional<int> stream_error;       // A gRPC status code, of each subscription's stream...
  std::uint64_t stream_error_after = 0;  // ...that has sent so many messages and has one more.

  bool operator==(const FaultRule&) const = default;
};

struct Fault {
  FaultTarget target = FaultTarget::TopicPublish;
  FaultRule rule;
};

// Longer delays are cut to this.
inline constexpr std::chrono::hours k_longest_delay{1};

// The gRPC status code, 1 to 16, that `name` means: gRPC's own names and those of the SDKs' error
// codes, in any case and with any separators (not-found, NOT_FOUND_ERROR, NotFound), or the number.
std::optional<int> status_code(std::string_view name);

// "unavailable" for 14; of the codes that status_code() gives.
std::string_view status_name(int code);

// All of these, for people: "cancelled, unknown, ...".
std::string status_names();

}  // namespace topicloop::broker
