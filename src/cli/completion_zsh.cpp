// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

namespace topicloop::cli {

namespace {

constexpr const char* k_head =
    R"sh(#compdef topicloop
# zsh completion for topicloop. Made by `topicloop completion zsh`: do not edit.

# Names that a service or this machine knows: $1 is caches, topics, webhooks, profiles or commands.
_topicloop_names() {
  local -a names given expl
  given=("${(@Q)_topicloop_words[2,_topicloop_current-1]}")
  names=("${(@f)$(${~${(Q)_topicloop_words[1]}} __complete $1 -- "${given[@]}" 2>/dev/null)}")
  names=("${(@)names:#}")
  _wanted $1 expl $1 compadd -a names
}

# For an argument that nobody knows: with only a message there, flags would not be offered.
_topicloop_nothing() {
  return 1
}

)sh";

constexpr const char* k_tail = R"sh(
_topicloop() {
  # What the command line is: deeper down, _arguments makes words and CURRENT begin later.
  local -a _topicloop_words=("${(@)words}")
  local _topicloop_current=$CURRENT
  _topicloop_at_topicloop
}

if [[ $funcstack[1] == _topicloop ]]; then
  _topicloop "$@"
else
  compdef _topicloop topicloop
fi
)sh";

// Inside single quotes; `special` characters get a backslash for _arguments.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string function_name(const CommandInfo& command) {
  std::string name = "_topicloop_at_" + command.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::string action(const ValueInfo& value) {
  if (!value.choices.empty()) return fmt::format("({})", fmt::join(value.choices, " "));
  if (value.kind == ValueKind::File) return "_files";
  if (value.kind == ValueKind::Directory) return "_files -/";
  const std::string names = names_of(value.kind);
  // The space keeps _arguments from adding options of its own.
  return names.empty() ? " " : " _topicloop_names " + names;
}

// ":MESSAGE:ACTION".
std::string value_spec(const ValueInfo& value, const std::string& what) {
  return fmt::format("{}:{}:{}", value.optional ? ":" : "", escaped(value.placeholder, ":\\[]"),
                     what);
}

std::string flag_spec(const FlagInfo& flag) {
  std::vector<std::string> names;
  for (const auto& name : flag.names) {
    const bool is_long = name.starts_with("--");
    names.push_back(name + (!flag.takes_value() ? "" : is_long ? "=" : "+"));
  }
  const std::string description =
      fmt::format("[{}]", escaped(flag.description, "\\[]")) +
      (flag.takes_value() ? value_spec(flag.value, action(flag.value)) : "");
  const std::string repeat = flag.value.repeatable ? "'*'" : "";
  if (names.size() == 1) return fmt::format("{}'{}{}'", repeat, names.front(), description);
  const std::string others =
      flag.value.repeatable ? repeat : fmt::format("'({})'", fmt::join(flag.names, " "));
  return fmt::format("{}{{{}}}'{}'", others, fmt::join(names, ","), description);
}

std::string argument_spec(const ArgumentInfo& argument, std::size_t number) {
  ValueInfo value = argument.value;
  std::string what = action(value);
  if (what == " ") what = " _topicloop_nothing";
  if (value.repeatable) {
    value.optional = false;
    return fmt::format("'*{}'", value_spec(value, what));
  }
  return fmt::format("'{}{}'", number, value_spec(value, what));
}

// A command with further ones below it.
void append_choice(std::string& text, const CommandInfo& command) {
  text +=
      " \\\n    '1: :->command' '*:: :->rest' && return\n"
      "  case $state in\n    command)\n      commands=(\n";
  for (const auto& sub : command.commands)
    text += fmt::format("        '{}:{}'\n", sub.last_word(), escaped(sub.description, ""));
  text += "      )\n      _describe -t commands command commands\n      ;;\n";
  text += "    rest)\n      case $line[1] in\n";
  for (const auto& sub : command.commands)
    text += fmt::format("        {}) {} ;;\n", sub.last_word(), function_name(sub));
  text += "      esac\n      ;;\n  esac\n";
}

void append_command(std::string& text, const CommandInfo& command) {
  text += function_name(command) + "() {\n";
  if (!command.commands.empty()) {
    text +=
        "  local curcontext=$curcontext state line\n  local -a commands\n"
        "  typeset -A opt_args\n";
  }
  text += fmt::format("  _arguments {}-s -S", command.commands.empty() ? "" : "-C ");
  for (const auto& flag : command.flags)
    text += " \\\n    " + flag_spec(flag);
  std::size_t number = 0;
  for (const auto& argument : command.arguments)
    text += " \\\n    " + argument_spec(argument, ++number);
  if (command.commands.empty()) {
    text += "\n";
  } else {
    append_choice(text, command);
  }
  text += "}\n\n";
  for (const auto& sub : command.commands)
    append_command(text, sub);
}

}  // namespace

std::string zsh_completion(const CommandInfo& root) {
  std::string text = k_head;
  append_command(text, root);
  text.pop_back();  // The tail begins with an empty line.
  return text + k_tail;
}

}  // namespace topicloop::cli
