// SPDX-License-Identifier: Apache-2.0
// A command as people write it on one line, taken apart into the words a program gets.
//
// Quotes and backslashes work as in a shell; nothing is expanded, as there is no shell. What only a
// shell could do (pipes, redirection, variables) is refused instead of being passed on as a word.
// Pure.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace topicloop::sink {

// At least one word, the first not empty. Usage if a quote is not closed, there is no program, or
// an unquoted character has a meaning in shells that it would not have here.
Result<std::vector<std::string>> split_words(std::string_view text);

}  // namespace topicloop::sink
