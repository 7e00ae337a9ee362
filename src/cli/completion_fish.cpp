// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace topicloop::cli {

namespace {

constexpr const char* k_head =
    R"sh(# fish completion for topicloop. Made by `topicloop completion fish`: do not edit.

# Names that a service or this machine knows: $argv[1] is caches, topics, webhooks, profiles or
# commands.
function __topicloop_names
    set -l words (commandline -opc)
    $words[1] __complete $argv[1] -- $words[2..-1] 2>/dev/null
end

# Whether the cursor is at the command $argv[1], behind $argv[2] arguments ("2+": or more) if given.
function __topicloop_at
    set -l path
    set -l seen 0
    set -l skip 0
    set -l dashes 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if test $dashes = 1
            set seen (math $seen + 1)
        else if test "$word" = --
            set dashes 1
        else if string match -q -- '-*' "$word"
            contains -- "$word" (__topicloop_valued "$path"); and set skip 1
        else if contains -- "$(string join ' ' $path $word)" $__topicloop_commands
            set path (string join ' ' $path $word)
        else
            set seen (math $seen + 1)
        end
    end
    test "$path" = "$argv[1]"; or return 1
    set -q argv[2]; or return 0
    if string match -q -- '*+' $argv[2]
        test $seen -ge (string replace + '' $argv[2])
    else
        test $seen = $argv[2]
    end
end

)sh";

std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string path_of(const CommandInfo& command) {
  const std::size_t space = command.name.find(' ');
  return space == std::string::npos ? "" : command.name.substr(space + 1);
}

void append_paths(std::string& text, const CommandInfo& command) {
  for (const auto& sub : command.commands) {
    text += " " + fish_quoted(path_of(sub));
    append_paths(text, sub);
  }
}

void append_valued(std::string& text, const CommandInfo& command) {
  std::vector<std::string> names;
  for (const auto& flag : command.flags) {
    if (flag.takes_value() && !flag.value.optional)
      names.insert(names.end(), flag.names.begin(), flag.names.end());
  }
  if (!names.empty()) {
    text += fmt::format("        case {}\n            string split ' ' -- {}\n",
                        fish_quoted(path_of(command)),
                        fish_quoted(fmt::format("{}", fmt::join(names, " "))));
  }
  for (const auto& sub : command.commands)
    append_valued(text, sub);
}

// What fish can offer for the value; " -F" stands for its own files.
std::string offer(const ValueInfo& value) {
  if (!value.choices.empty()) {
    return " -a " + fish_quoted(fmt::format("{}", fmt::join(value.choices, " ")));
  }
  if (value.kind == ValueKind::File) return " -F";
  if (value.kind == ValueKind::Directory) return " -a '(__fish_complete_directories)'";
  const std::string names = names_of(value.kind);
  return names.empty() ? "" : fmt::format(" -a '(__topicloop_names {})'", names);
}

void append_flag(std::string& text, const std::string& at, const FlagInfo& flag) {
  text += fmt::format("complete -c topicloop -n {}", fish_quoted(at));
  for (const auto& name : flag.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (flag.takes_value()) {
    const std::string offered = offer(flag.value);
    // With -r the next word is the value; -x: and no file.
    if (!flag.value.optional) text += offered == " -F" ? " -r" : " -x";
    text += offered;
  }
  text += " -d " + fish_quoted(flag.description) + "\n";
}

void append_command(std::string& text, const CommandInfo& command) {
  const std::string at = fmt::format("__topicloop_at {}", fish_quoted(path_of(command)));
  text += fmt::format("\n# {}\n", command.name);
  for (const auto& sub : command.commands) {
    text += fmt::format("complete -c topicloop -n {} -a {} -d {}\n", fish_quoted(at + " 0"),
                        sub.last_word(), fish_quoted(sub.description));
  }
  for (const auto& flag : command.flags)
    append_flag(text, at, flag);
  std::size_t number = 0;
  for (const auto& argument : command.arguments) {
    const std::string place = std::to_string(number++) + (argument.value.repeatable ? "+" : "");
    const std::string offered = offer(argument.value);
    if (offered.empty()) continue;
    text += fmt::format("complete -c topicloop -n {}{}\n", fish_quoted(at + " " + place), offered);
  }
  for (const auto& sub : command.commands)
    append_command(text, sub);
}

}  // namespace

std::string fish_completion(const CommandInfo& root) {
  std::string text = k_head;
  text += "set -g __topicloop_commands";
  append_paths(text, root);
  text +=
      "\n\n# The flags of the command $argv[1] that take a value.\n"
      "function __topicloop_valued\n    switch \"$argv[1]\"\n";
  append_valued(text, root);
  text += "    end\nend\n\ncomplete -c topicloop -f\n";
  append_command(text, root);
  return text;
}

}  // namespace topicloop::cli
