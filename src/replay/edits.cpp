// SPDX-License-Identifier: Apache-2.0
#include "replay/edits.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace topicloop::replay {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* k_event = "event_timestamp";
constexpr const char* k_publish = "publish_timestamp";

// The pointer ends at the first "=": in the name of a member that has one, there is no way to say
// so, and the error about a missing place names what was understood.
Result<std::pair<Pointer, std::string>> split(const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos) {
    return Error{ErrorKind::Usage,
                 fmt::format("\"{}\" is not of the form /json/pointer=VALUE", setting), ""};
  }
  auto pointer = Pointer::parse(std::string_view(setting).substr(0, equals));
  if (!pointer) return std::move(pointer).error();
  const std::string value = setting.substr(equals + 1);
  if (Json::accept(value)) return std::pair(*std::move(pointer), value);
  return std::pair(*std::move(pointer),
                   Json(value).dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Nothing if the body is not a webhook event.
std::optional<Json> event_in(const std::string& body) {
  constexpr int k_max_depth = 16;
  const auto is_shallow = [](int depth, Json::parse_event_t, const Json&) {
    return depth <= k_max_depth;
  };
  Json json = Json::parse(body, is_shallow, false);
  const auto is_time = [&](const char* key) {
    const auto member = json.find(key);
    return member != json.end() && member->is_number_integer();
  };
  if (!json.is_object() || !is_time(k_event) || !is_time(k_publish)) return std::nullopt;
  return json;
}

}  // namespace

Result<Edits> Edits::parse(const std::vector<std::string>& settings) {
  Edits edits;
  for (const auto& setting : settings) {
    auto parts = split(setting);
    if (!parts) return std::move(parts).error();
    edits.edits_.push_back({std::move(parts->first), std::move(parts->second)});
  }
  return edits;
}

Result<std::string> Edits::apply(std::string json) const {
  for (const auto& [pointer, value] : edits_) {
    auto changed = pointer.set(json, value);
    if (!changed) return changed;
    json = *std::move(changed);
  }
  return json;
}

std::string dated(const std::string& body, const Timestamps& timestamps) {
  auto event = event_in(body);
  if (!event) return body;
  (*event)[k_event] = timestamps.event_ms;
  (*event)[k_publish] = timestamps.publish_ms;
  return event->dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::int64_t age_when_published(const std::string& body) {
  const auto event = event_in(body);
  if (!event) return 0;
  const auto in_range = [&](const char* key) {
    // Beyond this, no clock has been.
    constexpr std::int64_t k_year_10000_ms = 253'402'300'800'000;
    return std::clamp<std::int64_t>((*event)[key].get<std::int64_t>(), 0, k_year_10000_ms);
  };
  return std::max<std::int64_t>(0, in_range(k_publish) - in_range(k_event));
}

}  // namespace topicloop::replay
