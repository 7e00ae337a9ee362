// SPDX-License-Identifier: Apache-2.0
#include "cli/limits_spec.hpp"

#include "cli/spec_items.hpp"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <string>

namespace topicloop::cli {

namespace {

using broker::Limits;

struct Named {
  std::string_view name;
  std::uint64_t Limits::*limit;
};

constexpr Named k_limits[] = {
    {"payload", &Limits::payload},           {"subscriptions", &Limits::subscriptions},
    {"publish-rate", &Limits::publish_rate}, {"caches", &Limits::caches},
    {"webhooks", &Limits::webhooks},         {"delivery-rate", &Limits::delivery_rate},
    {"name-length", &Limits::name_length},   {"url-length", &Limits::url_length}};

// More would mean nothing, and overflow somewhere.
constexpr std::uint64_t k_largest = 1'000'000'000;

const Named* limit_named(std::string_view name) {
  for (const Named& limit : k_limits) {
    if (limit.name == name) return &limit;
  }
  return nullptr;
}

std::string names() {
  std::string all;
  for (const Named& limit : k_limits)
    all += fmt::format("{}{}", all.empty() ? "" : ", ", limit.name);
  return all;
}

// A number, for a payload also in KB or MB: 1,024 bytes, as Momento counts them.
std::optional<std::uint64_t> read_amount(std::string_view text, bool bytes) {
  if (text == "off") return 0;
  std::uint64_t unit = 1;
  if (bytes && text.ends_with("KB")) unit = 1U << 10U;
  if (bytes && text.ends_with("MB")) unit = 1U << 20U;
  if (unit > 1) text.remove_suffix(2);
  const auto number = whole_number(text);
  if (!number || *number > k_largest / unit) return std::nullopt;
  return *number * unit;
}

// Why the item cannot be, or nothing once it is in `limits`.
std::string read_item(const SpecItem& item, Limits& limits) {
  if (!item.value && item.name == "momento") {
    limits = broker::momento_limits();
    return "";
  }
  if (!item.value && item.name == "off") {
    limits = {};
    return "";
  }
  const Named* limit = limit_named(item.name);
  if (limit == nullptr || !item.value) {
    return fmt::format("expected momento, off, or NAME=NUMBER with a name of {}", names());
  }
  const bool bytes = item.name == "payload";
  const auto amount = read_amount(*item.value, bytes);
  if (!amount) {
    return fmt::format("{} is \"{}\": expected a whole number{} or off", item.name, *item.value,
                       bytes ? " of bytes, KB or MB," : "");
  }
  limits.*(limit->limit) = *amount;
  return "";
}

}  // namespace

Result<void> parse_limits(std::string_view spec, Limits& limits) {
  for (const SpecItem& item : spec_items(spec)) {
    if (const auto why = read_item(item, limits); !why.empty()) {
      return Error{ErrorKind::Usage, fmt::format("\"{}\" is not a limit: {}", spec, why), ""};
    }
  }
  return {};
}

}  // namespace topicloop::cli
