// SPDX-License-Identifier: Apache-2.0
// What somebody may have meant by a word that is none of those known. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::cli {

// The one of `known` that takes the fewest changes (a letter left out, too much, wrong, or swapped
// with its neighbour), if they are few for a word of that length; else the one that begins with
// `word`, if it is the only one. The first of equals.
std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& known);

// "a", "a or b", "a, b or c".
std::string one_of(const std::vector<std::string>& words);

}  // namespace topicloop::cli
