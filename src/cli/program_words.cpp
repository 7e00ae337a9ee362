// SPDX-License-Identifier: Apache-2.0
#include "cli/program_words.hpp"

#include "cli/help.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>

namespace topicloop::cli {

namespace {

// Whether the next word is this flag's value.
bool has_value_behind(const CLI::App& command, const std::string& word) {
  const bool is_long = word.starts_with("--");
  if (is_long && word.find('=') != std::string::npos) return false;
  if (!is_long && word.size() > 2) return false;  // -vx, or a value without a space.
  const auto* option = command.get_option_no_throw(word);
  return option != nullptr && option->get_items_expected_min() > 0;
}

// The index of the first word that is no flag of ours and no flag's value.
std::size_t program_begin(const CLI::App& command, const std::vector<std::string>& arguments) {
  std::size_t at = 1;
  while (at < arguments.size()) {
    const std::string& word = arguments[at];
    if (word == "--" || word == "-" || !word.starts_with('-')) break;
    at += has_value_behind(command, word) ? 2 : 1;
  }
  return std::min(at, arguments.size());
}

}  // namespace

std::vector<std::string> take_program(const CLI::App& root, std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front() != "exec") return {};
  const CLI::App* command = find_command(root, arguments.front());
  if (command == nullptr) return {};
  const auto begin =
      arguments.begin() + static_cast<std::ptrdiff_t>(program_begin(*command, arguments));
  const bool is_marked = begin != arguments.end() && *begin == "--";
  std::vector<std::string> words(is_marked ? begin + 1 : begin, arguments.end());
  arguments.erase(begin, arguments.end());
  if (!words.empty()) arguments.insert(arguments.end(), {"--", "PROGRAM"});
  return words;
}

}  // namespace topicloop::cli
