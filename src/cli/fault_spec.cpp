// SPDX-License-Identifier: Apache-2.0
#include "cli/fault_spec.hpp"

#include "cli/duration.hpp"
#include "cli/spec_items.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace topicloop::cli {

namespace {

using broker::Fault;
using broker::FaultRule;
using broker::FaultTarget;

constexpr int k_first_http_error = 300;  // Anything below counts as delivered.
constexpr int k_last_http_status = 599;

std::optional<FaultTarget> target_named(std::string_view name) {
  for (const auto target :
       {FaultTarget::TopicPublish, FaultTarget::TopicSubscribe, FaultTarget::Webhook}) {
    if (name == name_of(target)) return target;
  }
  return std::nullopt;
}

std::optional<int> http_status(std::string_view text) {
  const auto number = whole_number(text);
  if (!number || *number < k_first_http_error || *number > k_last_http_status) return std::nullopt;
  return static_cast<int>(*number);
}

// What the text after the target is made of, and why it cannot be, if so.
struct Reading {
  Fault fault;
  bool has_count = false;
  bool has_delay_count = false;
  bool has_after = false;
};

std::string read_status(std::string_view value, bool http, std::optional<int>& status) {
  status = http ? http_status(value) : broker::status_code(value);
  if (status) return "";
  if (http) {
    return fmt::format("\"{}\" is not an HTTP status from {} to {}", value, k_first_http_error,
                       k_last_http_status);
  }
  return fmt::format("\"{}\" is not a status: expected one of {}", value, broker::status_names());
}

std::string read_count(std::string_view value, std::optional<std::uint64_t>& count) {
  count = whole_number(value);
  return count ? "" : fmt::format("\"{}\" is not a whole number", value);
}

std::string read_delay(std::string_view value, std::chrono::milliseconds& delay) {
  auto read = parse_duration(value);
  if (!read) return read.error().message;
  delay = *read;
  if (delay.count() > 0 && delay <= broker::k_longest_delay) return "";
  return fmt::format("a delay of {} is not from 1ms to 1h", value);
}

// Why the item cannot be, or nothing once it is in `reading`.
std::string read_item(const SpecItem& item, Reading& reading) {
  const FaultTarget target = reading.fault.target;
  FaultRule& rule = reading.fault.rule;
  const std::string_view value = item.value.value_or("");
  if (item.name == "error") return read_status(value, target == FaultTarget::Webhook, rule.error);
  if (item.name == "count") {
    reading.has_count = true;
    return read_count(value, rule.error_count);
  }
  if (item.name == "delay") return read_delay(value, rule.delay);
  if (item.name == "delay-count") {
    reading.has_delay_count = true;
    return read_count(value, rule.delay_count);
  }
  if (target == FaultTarget::TopicSubscribe && item.name == "stream-error") {
    return read_status(value, false, rule.stream_error);
  }
  if (target == FaultTarget::TopicSubscribe && item.name == "after") {
    reading.has_after = true;
    std::optional<std::uint64_t> after;
    auto wrong = read_count(value, after);
    rule.stream_error_after = after.value_or(0);
    return wrong;
  }
  return fmt::format("{} has no \"{}\": expected error, count, {}", name_of(target), item.name,
                     target == FaultTarget::TopicSubscribe
                         ? "delay, delay-count, stream-error or after"
                         : "delay or delay-count");
}

std::string check(const Reading& reading) {
  const FaultRule& rule = reading.fault.rule;
  if (reading.has_count && !rule.error) return "count needs error";
  if (reading.has_delay_count && rule.delay.count() == 0) return "delay-count needs delay";
  if (reading.has_after && !rule.stream_error) return "after needs stream-error";
  if (rule.stream_error && !reading.has_after) return "stream-error needs after";
  return "";
}

}  // namespace

Result<Fault> parse_fault(std::string_view spec) {
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorKind::Usage, fmt::format("\"{}\" is not a fault: {}", spec, why), ""};
  };
  const std::size_t colon = spec.find(':');
  const auto target = target_named(spec.substr(0, colon));
  if (!target || colon == std::string_view::npos) {
    return refuse(
        "expected topic-publish:, topic-subscribe: or webhook: and then what goes wrong, such as "
        "error=unavailable,count=2 or delay=200ms");
  }
  Reading reading;
  reading.fault.target = *target;
  std::set<std::string_view> names;
  for (const SpecItem& item : spec_items(spec.substr(colon + 1))) {
    if (!names.insert(item.name).second) {
      return refuse(fmt::format("\"{}\" is given twice", item.name));
    }
    if (const auto why = read_item(item, reading); !why.empty()) return refuse(why);
  }
  if (const auto why = check(reading); !why.empty()) return refuse(why);
  return reading.fault;
}

}  // namespace topicloop::cli
