// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace topicloop {

namespace {

constexpr const char* k_white_space = " \t\n\v\f\r";

constexpr std::string_view k_hex_digits = "0123456789abcdef";
constexpr std::string_view k_base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The length of the sequence that starts with `lead`, and the range its second byte must be in
// (the Unicode standard's table of well-formed byte sequences). Length 0: not a lead byte.
struct Utf8Lead {
  std::size_t length;
  std::uint8_t second_min;
  std::uint8_t second_max;
};

constexpr Utf8Lead utf8_lead(std::uint8_t lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xC2) return {0, 0, 0};
  if (lead < 0xE0) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

constexpr std::array<std::int8_t, 256> make_base64_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < k_base64_alphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(k_base64_alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

constexpr auto k_base64_values = make_base64_values();

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view bytes) {
  const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  std::size_t i = 0;
  while (i < bytes.size()) {
    const Utf8Lead lead = utf8_lead(byte_at(i));
    if (lead.length == 0 || i + lead.length > bytes.size()) return i;
    for (std::size_t k = 1; k < lead.length; ++k) {
      const std::uint8_t min = k == 1 ? lead.second_min : 0x80;
      const std::uint8_t max = k == 1 ? lead.second_max : 0xBF;
      if (byte_at(i + k) < min || byte_at(i + k) > max) return i;
    }
    i += lead.length;
  }
  return std::nullopt;
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += k_hex_digits[byte >> 4];
    out += k_hex_digits[byte & 0xF];
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < count ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= count ? k_base64_alphabet[group >> (18 - 6 * k) & 0x3F] : '=';
    }
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
    ++padding;

  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t digits = i + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const int value = k < digits ? k_base64_values[static_cast<std::uint8_t>(text[i + k])] : 0;
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    for (std::size_t k = 0; k + 1 < digits; ++k)
      out += static_cast<char>(group >> (16 - 8 * k));
  }
  // Bits that padding cuts off must be zero, or two texts would decode to the same bytes.
  if (to_base64(out) != text) return std::nullopt;
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
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
        if (static_cast<std::uint8_t>(c) < 0x20) {
          out += "\\u00";
          out += to_hex(std::string_view(&c, 1));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(k_white_space) == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  if (is_blank(text)) return {};
  const std::size_t begin = text.find_first_not_of(k_white_space);
  return text.substr(begin, text.find_last_not_of(k_white_space) - begin + 1);
}

}  // namespace topicloop
