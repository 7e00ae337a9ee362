// SPDX-License-Identifier: Apache-2.0
#include "base/hexdump.hpp"

#include <fmt/format.h>

#include <iterator>

namespace topicloop {

namespace {

constexpr std::size_t k_row = 16;

void append_row(std::string& text, std::size_t offset, std::string_view row) {
  auto out = std::back_inserter(text);
  fmt::format_to(out, "{:08x}  ", offset);
  for (std::size_t i = 0; i < k_row; ++i) {
    if (i < row.size()) {
      fmt::format_to(out, "{:02x} ", static_cast<unsigned char>(row[i]));
    } else {
      text += "   ";
    }
    if (i % 8 == 7) text += ' ';
  }
  text += '|';
  for (const char c : row)
    text += c >= ' ' && c <= '~' ? c : '.';
  text += "|\n";
}

}  // namespace

std::string hexdump(std::string_view bytes, std::size_t offset) {
  if (bytes.empty()) return "";
  std::string text;
  std::string_view above;
  bool is_run = false;
  for (std::size_t at = 0; at < bytes.size(); at += k_row) {
    const auto row = bytes.substr(at, k_row);
    if (row == above) {
      if (!is_run) text += "*\n";
      is_run = true;
    } else {
      append_row(text, offset + at, row);
      is_run = false;
    }
    above = row;
  }
  return text + fmt::format("{:08x}", offset + bytes.size());
}

}  // namespace topicloop
