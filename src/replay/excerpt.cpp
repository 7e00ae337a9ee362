// SPDX-License-Identifier: Apache-2.0
#include "replay/excerpt.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace topicloop::replay {

namespace {

constexpr std::size_t k_length = 200;
constexpr std::size_t k_before = 60;  // Of these, what is shown of the text before `from`.

void append_control(std::string& out, char c) {
  switch (c) {
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
}

void append_visible(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      append_control(out, c);
    } else {
      out += c;
    }
  }
}

// Not in the middle of a character.
std::size_t at_character(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
    --at;
  return std::min(at, text.size());
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t good = find_invalid_utf8(text).value_or(text.size());
    append_visible(out, text.substr(0, good));
    text.remove_prefix(good);
    if (text.empty()) break;
    append_control(out, text.front());
    text.remove_prefix(1);
  }
  return out;
}

std::string visible_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += visible(text.substr(0, end));
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string excerpt(std::string_view text, std::size_t from) {
  if (text.size() <= k_length) return visible(text);
  const std::size_t begin = from <= k_before ? 0 : at_character(text, from - k_before);
  const std::size_t end = at_character(text, std::min(text.size(), begin + k_length));
  return fmt::format("{}{}{}", begin > 0 ? "…" : "", visible(text.substr(begin, end - begin)),
                     end < text.size() ? "…" : "");
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                  a.begin());
}

}  // namespace topicloop::replay
