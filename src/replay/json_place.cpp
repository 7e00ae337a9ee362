// SPDX-License-Identifier: Apache-2.0
#include "replay/json_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace topicloop::replay {

namespace {

std::optional<std::string> unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      out += token[i];
      continue;
    }
    const char next = i + 1 < token.size() ? token[++i] : '\0';
    if (next != '0' && next != '1') return std::nullopt;
    out += next == '0' ? '~' : '/';
  }
  return out;
}

}  // namespace

Result<JsonPlace> JsonPlace::parse(std::string_view text) {
  if (!text.starts_with('/')) {
    return Error{
        ErrorKind::Usage,
        fmt::format("\"{}\" is not a JSON Pointer: expected something like /items/0/price", text),
        ""};
  }
  JsonPath tokens;
  std::string_view rest = text;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    auto token = unescaped(rest.substr(0, end));
    if (!token) {
      return Error{
          ErrorKind::Usage,
          fmt::format("\"{}\" is not a JSON Pointer: ~ is written ~0, and / in a name ~1", text),
          ""};
    }
    tokens.push_back(*std::move(token));
    rest.remove_prefix(end);
  }
  return JsonPlace(std::move(tokens));
}

bool JsonPlace::covers(const JsonPath& path) const {
  return tokens_.size() <= path.size() && std::equal(tokens_.begin(), tokens_.end(), path.begin(),
                                                     [](const auto& token, const auto& step) {
                                                       return token == "*" || token == step;
                                                     });
}

std::string to_pointer(const JsonPath& path) {
  std::string out;
  for (const std::string& step : path) {
    out += '/';
    for (const char c : step) {
      if (c == '~') {
        out += "~0";
      } else if (c == '/') {
        out += "~1";
      } else {
        out += c;
      }
    }
  }
  return out;
}

}  // namespace topicloop::replay
