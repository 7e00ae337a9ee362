// SPDX-License-Identifier: Apache-2.0
// What is wrong with a command line, in our words: names the command, flag or argument, and says
// what was probably meant or what to type instead. The value of an unknown flag is never repeated:
// it may be a secret. One thread.
#pragma once

#include "base/error.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace topicloop::cli {

using Arguments = std::vector<std::string>;

// The error about the first word that stands where a command must and is none. To be asked before
// `arguments` are parsed: --help after such a word would show a page nobody asked for.
std::optional<Error> unknown_command(const CLI::App& root, const Arguments& arguments);

// The same for a word that is no command of `group`.
Error no_such_command(const CLI::App& group, const std::string& word);

// What can be parsed and cannot have been meant: a flag with an empty value, as from a variable
// that is not set, and an address behind --local that was taken for the argument. Nothing if all is
// well.
std::optional<Error> slip(const CLI::App& root, const Arguments& arguments);

// Why `root` could not parse `arguments`.
Error usage_error(const CLI::App& root, const CLI::ParseError& error, const Arguments& arguments);

}  // namespace topicloop::cli
