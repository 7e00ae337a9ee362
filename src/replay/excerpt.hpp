// SPDX-License-Identifier: Apache-2.0
// The part of a text that fits on a line, harmless to look at. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace topicloop::replay {

// `text` with control characters and what is not UTF-8 escaped: "\r", "\x1b", "\xff".
std::string visible(std::string_view text);

// The same, but for line breaks; each line ends with one.
std::string visible_lines(std::string_view text);

// At most about 200 bytes of visible(text) around byte `from` of `text`, with "…" where something
// was left out.
std::string excerpt(std::string_view text, std::size_t from = 0);

// How many bytes both begin with.
std::size_t common_prefix(std::string_view a, std::string_view b);

}  // namespace topicloop::replay
