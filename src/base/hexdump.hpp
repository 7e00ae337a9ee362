// SPDX-License-Identifier: Apache-2.0
// Bytes for people to look at, as `hexdump -C` shows them: offset, hexadecimal, ASCII.
//
// A run of equal lines is one line and a `*`; the last line is the offset of the end. Nothing in
// the result can command a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace topicloop {

// Lines separated by newlines, without one at the end; empty for no bytes. `offset` is what the
// first byte is counted as.
std::string hexdump(std::string_view bytes, std::size_t offset = 0);

}  // namespace topicloop
