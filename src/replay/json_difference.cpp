// SPDX-License-Identifier: Apache-2.0
#include "replay/json_difference.hpp"

#include "replay/difference_list.hpp"
#include "replay/excerpt.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace topicloop::replay {

namespace {

using Json = nlohmann::json;

constexpr int k_max_depth = 500;  // Walking and writing a document are recursive.

bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > k_max_depth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

std::optional<Json> parsed(std::string_view text) {
  if (is_too_deep(text)) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::string written(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class Walk {
public:
  explicit Walk(const std::vector<JsonPlace>& ignored) : ignored_(ignored) {}

  void compare(const Json& expected, const Json& actual) {
    if (is_ignored()) return;
    if (expected.is_object() && actual.is_object()) {
      compare_objects(expected, actual);
    } else if (expected.is_array() && actual.is_array()) {
      compare_arrays(expected, actual);
    } else if (expected != actual) {
      report(&expected, &actual);
    }
  }

  Comparison result() {
    const bool equal = list_.empty();
    return {equal, list_.take()};
  }

private:
  void compare_objects(const Json& expected, const Json& actual) {
    for (const auto& [name, value] : expected.items()) {
      const auto found = actual.find(name);
      compare_member(name, &value, found == actual.end() ? nullptr : &*found);
    }
    for (const auto& [name, value] : actual.items()) {
      if (!expected.contains(name)) compare_member(name, nullptr, &value);
    }
  }

  void compare_arrays(const Json& expected, const Json& actual) {
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
      compare_member(std::to_string(i), i < expected.size() ? &expected[i] : nullptr,
                     i < actual.size() ? &actual[i] : nullptr);
    }
  }

  // A value that is missing on one side is a null pointer.
  void compare_member(const std::string& name, const Json* expected, const Json* actual) {
    path_.push_back(name);
    if (expected != nullptr && actual != nullptr) {
      compare(*expected, *actual);
    } else if (!is_ignored()) {
      report(expected, actual);
    }
    path_.pop_back();
  }

  bool is_ignored() const {
    return std::any_of(ignored_.begin(), ignored_.end(),
                       [this](const JsonPlace& place) { return place.covers(path_); });
  }

  void report(const Json* expected, const Json* actual) {
    if (list_.is_full()) {
      list_.begin("");
      return;
    }
    list_.begin(path_.empty() ? "the whole body" : visible(to_json_pointer(path_)));
    const std::string was = expected == nullptr ? "" : written(*expected);
    const std::string is = actual == nullptr ? "" : written(*actual);
    const std::size_t from = expected == nullptr || actual == nullptr ? 0 : common_prefix(was, is);
    if (expected != nullptr) list_.expected(excerpt(was, from));
    if (actual != nullptr) list_.actual(excerpt(is, from));
  }

  const std::vector<JsonPlace>& ignored_;
  JsonPath path_;
  DifferenceList list_;
};

}  // namespace

std::optional<Comparison> compare_json(std::string_view expected, std::string_view actual,
                                       const std::vector<JsonPlace>& ignored) {
  const auto was = parsed(expected);
  if (!was) return std::nullopt;
  const auto is = parsed(actual);
  if (!is) return std::nullopt;
  Walk walk(ignored);
  walk.compare(*was, *is);
  return walk.result();
}

}  // namespace topicloop::replay
