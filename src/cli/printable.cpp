// SPDX-License-Identifier: Apache-2.0
#include "cli/printable.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace topicloop::cli {

namespace {

using CodePoint = std::uint32_t;

// Unicode's format characters (category Cf) that show nothing, its separators of lines and
// paragraphs, and the C1 controls.
constexpr std::pair<CodePoint, CodePoint> k_hidden[] = {
    {0x80, 0x9F},       {0xAD, 0xAD},       {0x61C, 0x61C},     {0x180E, 0x180E},
    {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},   {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFB},   {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0001, 0xE0001}, {0xE0020, 0xE007F}};

bool is_hidden(CodePoint c) {
  return std::any_of(std::begin(k_hidden), std::end(k_hidden),
                     [c](const auto& range) { return c >= range.first && c <= range.second; });
}

struct Character {
  CodePoint code = 0;
  std::size_t size = 1;
};

// `text` is UTF-8 and begins with a whole character.
Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto next = [&](std::size_t at) { return byte(at) & 0x3FU; };
  if (byte(0) < 0x80) return {byte(0), 1};
  if (byte(0) < 0xE0) return {(byte(0) & 0x1FU) << 6U | next(1), 2};
  if (byte(0) < 0xF0) return {(byte(0) & 0xFU) << 12U | next(1) << 6U | next(2), 3};
  return {(byte(0) & 7U) << 18U | next(1) << 12U | next(2) << 6U | next(3), 4};
}

std::string escaped(std::string_view character, CodePoint code) {
  if (code >= 0x10000) return fmt::format("\\U{:08x}", code);
  if (code >= 0x100) return fmt::format("\\u{:04x}", code);
  std::string text;
  for (const char c : character)
    text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text;
}

template <typename Escape>
std::string with_escapes(std::string_view text, const Escape& escape) {
  const bool is_utf8 = !find_invalid_utf8(text);
  std::string shown;
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const Character first = is_utf8 ? first_of(text) : Character{byte, 1};
    const auto bytes = text.substr(0, first.size);
    const bool is_bad = byte < 0x20 || byte == 0x7F || (!is_utf8 && byte >= 0x80);
    if (is_bad || is_hidden(first.code)) {
      shown += escape(bytes, first.code);
    } else {
      shown += bytes;
    }
    text.remove_prefix(first.size);
  }
  return shown;
}

}  // namespace

std::string printable(std::string_view text) {
  return with_escapes(text, escaped);
}

std::string marked_printable(std::string_view text) {
  return with_escapes(text, [](std::string_view bytes, CodePoint code) {
    return fmt::format("\x1b[7m{}\x1b[27m", escaped(bytes, code));
  });
}

std::string printable_json(std::string_view json) {
  return with_escapes(json, [](std::string_view, CodePoint code) {
    if (code < 0x10000) return fmt::format("\\u{:04x}", code);
    const CodePoint above = code - 0x10000;
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (above >> 10U), 0xDC00 + (above & 0x3FFU));
  });
}

}  // namespace topicloop::cli
