// SPDX-License-Identifier: Apache-2.0
#include "cli/command_tree.hpp"

#include "cli/help.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>

namespace topicloop::cli {

namespace {

// What flags and arguments hold is seen by how the help names it, or else by their own name.
ValueKind kind_of(const std::string& option, const std::string& placeholder) {
  static const std::map<std::string, ValueKind> k_by_option = {
      {"--cache", ValueKind::Cache},     {"--caches", ValueKind::Cache},
      {"--topics", ValueKind::Topic},    {"--webhook", ValueKind::Webhook},
      {"--profile", ValueKind::Profile},
  };
  static const std::map<std::string, ValueKind> k_by_placeholder = {
      {"FILE", ValueKind::File},
      {"DIR", ValueKind::Directory},
      {"TOPIC", ValueKind::Topic},
      {"COMMAND", ValueKind::Command},
  };
  const auto by_option = k_by_option.find(option);
  const bool is_pair = placeholder.find('=') != std::string::npos;
  if (by_option != k_by_option.end() && !is_pair) return by_option->second;
  const auto begin = std::min(placeholder.find_first_not_of('['), placeholder.size());
  const auto end = placeholder.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", begin);
  const auto found = k_by_placeholder.find(placeholder.substr(begin, end - begin));
  return found == k_by_placeholder.end() ? ValueKind::None : found->second;
}

// CLI::IsMember keeps its values to itself, but names them when it refuses one.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string nothing_takes_this = "\x01";
  for (int i = 0;; ++i) {
    const CLI::Validator* validator = nullptr;
    try {
      // Asking does not change it; only CLI11's signature says so.
      validator = const_cast<CLI::Option&>(option).get_validator(i);  // NOLINT
    } catch (const CLI::OptionNotFound&) {
      return {};
    }
    const std::string refusal = (*validator)(nothing_takes_this);
    const std::string set = nothing_takes_this + " not in {";
    if (refusal.starts_with(set) && refusal.ends_with('}')) {
      return CLI::detail::split(refusal.substr(set.size(), refusal.size() - set.size() - 1), ',');
    }
  }
}

// Words that may stand for a value, as the help has them: "beginning" of "SEQ|beginning".
std::vector<std::string> words_for(const std::string& option, const std::string& placeholder) {
  if (option == "--limits") return {"momento", "off"};
  std::vector<std::string> words = CLI::detail::split(placeholder, '|');
  std::erase_if(words, [](const std::string& word) {
    return word.empty() ||
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos;
  });
  return words;
}

ValueInfo value_of(const CLI::Option& option) {
  ValueInfo value;
  std::string text = option.get_option_text();
  const std::size_t fallback = text.find(" (");
  if (fallback != std::string::npos) {
    value.fallback = text.substr(fallback + 2, text.size() - fallback - 3);
    text.resize(fallback);
  }
  // Every flag with a value should name it; one that does not still has one.
  if (text.empty() && option.get_items_expected_max() > 0) text = "VALUE";
  value.placeholder = text;
  value.kind = kind_of(option.get_name(), text);
  value.choices = choices_of(option);
  if (value.choices.empty() && value.kind == ValueKind::None) {
    value.choices = words_for(option.get_name(), text);
    value.is_open = true;
  }
  const bool is_argument = option.get_positional();
  value.optional =
      is_argument ? !option.get_required() : !text.empty() && option.get_items_expected_min() == 0;
  value.repeatable = option.get_items_expected_max() > 1;
  return value;
}

FlagInfo flag_of(const CLI::Option& option) {
  FlagInfo flag{.names = {}, .description = option.get_description(), .value = value_of(option)};
  for (const auto& name : option.get_snames())
    flag.names.push_back("-" + name);
  for (const auto& name : option.get_lnames())
    flag.names.push_back("--" + name);
  return flag;
}

void add_options(CommandInfo& info, const CLI::App& command) {
  for (const auto* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    if (option->get_positional()) {
      ArgumentInfo argument{option->get_description(), value_of(*option)};
      // The names of webhooks are what the commands about them are about.
      if (argument.value.placeholder == "NAME" && info.name.find(" webhook ") != std::string::npos)
        argument.value.kind = ValueKind::Webhook;
      info.arguments.push_back(std::move(argument));
    } else {
      info.flags.push_back(flag_of(*option));
    }
  }
}

void add_footer(CommandInfo& info, const std::string& footer) {
  std::istringstream lines(footer);
  bool is_example = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "Examples:") {
      is_example = true;
    } else if (is_example && line.starts_with("  ")) {
      info.examples.push_back(line.substr(2));
    } else {
      is_example = is_example && line.empty();
      info.notes += line + "\n";
    }
  }
  while (info.notes.ends_with('\n'))
    info.notes.pop_back();
}

CommandInfo describe(const CLI::App& command) {
  CommandInfo info;
  info.name = full_name(command);
  info.usage = usage_line(command);
  info.description = command.get_description();
  add_options(info, command);
  add_footer(info, command.get_footer());
  for (const auto* sub : listed_commands(command))
    info.commands.push_back(describe(*sub));
  return info;
}

}  // namespace

CommandInfo describe_commands(const CLI::App& root) {
  return describe(root);
}

}  // namespace topicloop::cli
