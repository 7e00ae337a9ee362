// SPDX-License-Identifier: Apache-2.0
#include "replay/pointer.hpp"

#include "base/json_pointer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <span>

namespace topicloop::replay {

namespace {

using Json = nlohmann::ordered_json;
using Keys = std::span<const std::string>;

constexpr int k_max_depth = 100;

Json parse(std::string_view text) {
  // Nesting is bounded, as values are destroyed recursively.
  bool is_deep = false;
  const auto is_shallow = [&](int depth, Json::parse_event_t, const Json&) {
    is_deep |= depth > k_max_depth;
    return !is_deep;
  };
  Json json = Json::parse(text, is_shallow, false);
  return is_deep ? Json(Json::value_t::discarded) : json;
}

std::optional<std::size_t> index_of(const std::string& key) {
  std::size_t index = 0;
  const char* const end = key.data() + key.size();
  const auto [stop, failure] = std::from_chars(key.data(), end, index);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return index;
}

// What a string holds, if that can be gone into.
std::optional<Json> inside(const Json& json) {
  if (!json.is_string()) return std::nullopt;
  Json inner = parse(json.get_ref<const std::string&>());
  if (!inner.is_object() && !inner.is_array()) return std::nullopt;
  return inner;
}

Json* child_of(Json& json, const std::string& key) {
  if (json.is_object()) {
    const auto member = json.find(key);
    return member == json.end() ? nullptr : &*member;
  }
  const auto index = json.is_array() ? index_of(key) : std::nullopt;
  return index && *index < json.size() ? &json[*index] : nullptr;
}

std::optional<Json> find_in(Json& json, Keys keys) {
  if (keys.empty()) return json;
  if (auto inner = inside(json)) return find_in(*inner, keys);
  Json* const child = child_of(json, keys.front());
  return child == nullptr ? std::nullopt : find_in(*child, keys.subspan(1));
}

bool set_in(Json& json, Keys keys, const Json& value) {
  if (keys.empty()) {
    json = value;
    return true;
  }
  if (auto inner = inside(json)) {
    if (!set_in(*inner, keys, value)) return false;
    json = inner->dump();
    return true;
  }
  Json* child = child_of(json, keys.front());
  if (child == nullptr && keys.size() == 1) {
    if (json.is_object()) {
      child = &json[keys.front()];
    } else if (json.is_array() && keys.front() == "-") {
      child = &json.emplace_back();
    }
  }
  return child != nullptr && set_in(*child, keys.subspan(1), value);
}

}  // namespace

Result<Pointer> Pointer::parse(std::string_view text) {
  auto keys = parse_json_pointer(text);
  if (!keys || keys->empty()) {
    return Error{ErrorKind::Usage,
                 fmt::format("\"{}\" is not a JSON pointer like /card/number", text),
                 "\"~1\" stands for a slash in a name and \"~0\" for a \"~\""};
  }
  Pointer pointer;
  pointer.text_ = text;
  pointer.keys_ = *std::move(keys);
  return pointer;
}

std::optional<std::string> Pointer::find(std::string_view json) const {
  Json all = replay::parse(json);
  if (all.is_discarded()) return std::nullopt;
  const auto found = find_in(all, keys_);
  if (!found) return std::nullopt;
  return found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> Pointer::set(std::string_view json, std::string_view value) const {
  Json all = replay::parse(json);
  if (all.is_discarded()) {
    return Error{ErrorKind::BadInput, fmt::format("{} is nowhere in what is not JSON", text_), ""};
  }
  if (!set_in(all, keys_, replay::parse(value))) {
    return Error{ErrorKind::BadInput, fmt::format("there is no place {}", text_), ""};
  }
  return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace topicloop::replay
