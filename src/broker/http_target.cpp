// SPDX-License-Identifier: Apache-2.0
#include "broker/http_target.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace topicloop::broker {

namespace {

Error not_encoded() {
  return {ErrorKind::InvalidArgument, "the URL is not percent-encoded UTF-8", ""};
}

Result<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return not_encoded();
    std::uint8_t byte = 0;
    const char* const digits = text.data() + i + 1;
    const auto [end, failure] = std::from_chars(digits, digits + 2, byte, 16);
    if (failure != std::errc() || end != digits + 2) return not_encoded();
    decoded += static_cast<char>(byte);
    i += 2;
  }
  if (find_invalid_utf8(decoded)) return not_encoded();
  return decoded;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Result<HttpTarget> parse_http_target(std::string_view target) {
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));

  HttpTarget parsed;
  for (const std::string_view part : split(path, '/')) {
    auto decoded = percent_decoded(part);
    if (!decoded) return std::move(decoded).error();
    parsed.path.push_back(*std::move(decoded));
  }
  if (question == std::string_view::npos) return parsed;
  for (const std::string_view part : split(target.substr(question + 1), '&')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    auto name = percent_decoded(part.substr(0, equals));
    auto value = percent_decoded(part.substr(std::min(equals + 1, part.size())));
    if (!name || !value) return not_encoded();
    parsed.query.emplace_back(*std::move(name), *std::move(value));
  }
  return parsed;
}

Result<std::optional<std::string>> query_value(const HttpTarget& target, std::string_view name) {
  std::optional<std::string> found;
  for (const auto& [given, value] : target.query) {
    if (given != name) continue;
    if (found) {
      return Error{ErrorKind::InvalidArgument, fmt::format("{} is given twice", name), ""};
    }
    found = value;
  }
  return found;
}

Result<std::uint64_t> query_number(const HttpTarget& target, std::string_view name) {
  auto given = query_value(target, name);
  if (!given) return std::move(given).error();
  if (!*given) return std::uint64_t{0};
  const std::string& text = **given;
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) {
    return Error{ErrorKind::InvalidArgument, fmt::format("{} is not a number", name), ""};
  }
  return number;
}

}  // namespace topicloop::broker
