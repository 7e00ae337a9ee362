// SPDX-License-Identifier: Apache-2.0
// Writes down wire bytes in tests, so that they can be compared with the protobuf encoding rules.
//
// A tag byte is field number * 8 + wire type; wire type 0 is a varint, 2 a length and that many
// bytes. Varints are 7 bits a byte, lowest first, the top bit set on all but the last.
#pragma once

#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>

namespace topicloop::wire {

// "0A 02" is two bytes. White space is ignored; throws on anything else that is not a hex digit.
inline std::string hex(std::string_view text) {
  const std::string_view digits = "0123456789ABCDEF";
  std::string bytes;
  bool high = true;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) continue;
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) throw std::invalid_argument("not a hex digit");
    if (high) {
      bytes.push_back(static_cast<char>(digit << 4U));
    } else {
      bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | digit);
    }
    high = !high;
  }
  if (!high) throw std::invalid_argument("half a byte");
  return bytes;
}

// 2^53 - 1, the largest number a double holds exactly, and 2^64 - 1, as varints.
inline const std::string k_largest_in_double = hex("FF FF FF FF FF FF FF 0F");
inline const std::string k_largest = hex("FF FF FF FF FF FF FF FF FF 01");

}  // namespace topicloop::wire
