// SPDX-License-Identifier: Apache-2.0
#include "base/json_pointer.hpp"

#include <algorithm>
#include <utility>

namespace topicloop {

namespace {

// "~1" stands for "/" and "~0" for "~".
std::optional<std::string> unescaped(std::string_view key) {
  std::string result;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key[i] != '~') {
      result += key[i];
      continue;
    }
    if (++i == key.size() || (key[i] != '0' && key[i] != '1')) return std::nullopt;
    result += key[i] == '0' ? '~' : '/';
  }
  return result;
}

}  // namespace

std::optional<JsonPath> parse_json_pointer(std::string_view text) {
  if (!text.empty() && !text.starts_with('/')) return std::nullopt;
  JsonPath path;
  while (!text.empty()) {
    text.remove_prefix(1);  // The slash.
    const std::size_t size = std::min(text.find('/'), text.size());
    auto key = unescaped(text.substr(0, size));
    if (!key) return std::nullopt;
    path.push_back(*std::move(key));
    text.remove_prefix(size);
  }
  return path;
}

std::string to_json_pointer(const JsonPath& path) {
  std::string pointer;
  for (const std::string& key : path) {
    pointer += '/';
    for (const char c : key) {
      if (c == '~') {
        pointer += "~0";
      } else if (c == '/') {
        pointer += "~1";
      } else {
        pointer += c;
      }
    }
  }
  return pointer;
}

}  // namespace topicloop
