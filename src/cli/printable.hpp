// SPDX-License-Identifier: Apache-2.0
// Text of others, made safe to show: nothing in it commands a terminal, or hides what is there.
//
// Escaped are control characters, bytes that are not UTF-8, and characters that show nothing
// themselves but turn, join or hide what is around them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace topicloop::cli {

// Bytes as \xNN, characters as \uNNNN.
std::string printable(std::string_view text);

// The same, each escape in reverse video: so a "\x1b" that was written so can be told from one that
// stands for a character.
std::string marked_printable(std::string_view text);

// `json`, which is valid, with the same meaning and without such characters.
std::string printable_json(std::string_view json);

}  // namespace topicloop::cli
