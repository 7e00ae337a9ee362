// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace topicloop::cli {

namespace {

constexpr const char* k_head =
    R"sh(# bash completion for topicloop. Made by `topicloop completion bash`: do not edit.

)sh";

constexpr const char* k_engine = R"sh(
# Sets REPLY to what the shell would make of the word $1, which may lack its closing quote.
_topicloop_unquote() {
  local rest=$1 text=
  case $rest in
    \'*)
      rest=${rest#\'}
      REPLY=${rest%\'}
      return
      ;;
    \"*)
      rest=${rest#\"}
      [[ $rest == *[!\\]\" ]] && rest=${rest%\"}
      ;;
  esac
  while [[ $rest == *\\* ]]; do
    text+=${rest%%\\*}
    rest=${rest#*\\}
    text+=${rest:0:1}
    rest=${rest:1}
  done
  REPLY=$text$rest
}

# Sets words to the words up to the cursor. COMP_WORDS is also split at : and =, so what nothing
# stood between is joined again.
_topicloop_split() {
  local i line=$COMP_LINE before
  words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    before=$line
    line=${line#"${line%%[![:space:]]*}"}
    if ((i > 0)) && [[ $line == "$before" ]]; then
      words[${#words[@]} - 1]+=${COMP_WORDS[i]}
    else
      words+=("${COMP_WORDS[i]}")
    fi
    line=${line#"${COMP_WORDS[i]}"}
  done
}

# Reads what stands before the cursor: the command, the flag whose value is next, how many
# arguments there are, and whether there was a --.
_topicloop_read() {
  local i word
  path= flag= seen=0 dashes=0 given=()
  _topicloop_command ''
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    _topicloop_unquote "${words[i]}"
    word=$REPLY
    given+=("$word")
    if [[ -n $flag ]]; then
      flag=
    elif ((dashes)); then
      ((++seen))
    elif [[ $word == -- ]]; then
      dashes=1
    elif [[ $word == -* ]]; then
      [[ " $valued " == *" $word "* ]] && flag=$word
      # A flag that may go without a value has the next word if that is an address.
      [[ " $optional " == *" $word "* && ${words[i + 1]} == *:* ]] && flag=$word
    elif [[ " $commands " == *" $word "* ]]; then
      path=${path:+$path }$word
      _topicloop_command "$path"
    else
      ((++seen))
    fi
  done
}

# Sets kind to what is wanted at the cursor.
_topicloop_kind() {
  local last=$((${#arguments[@]} - 1))
  kind=
  if [[ -n $flag ]]; then
    _topicloop_value "$path" "$flag"
  elif ((!dashes)) && [[ $current == -* ]]; then
    kind="words $flags"
  elif [[ -n $commands ]]; then
    kind="words $commands"
  elif ((seen <= last)); then
    kind=${arguments[seen]%...}
  elif ((last >= 0)) && [[ ${arguments[last]} == *... ]]; then
    kind=${arguments[last]%...}
  fi
}

# Puts those of the candidates that begin as the current word does into COMPREPLY, quoted as it is.
_topicloop_reply() {
  local candidate text start=
  _topicloop_unquote "$current"
  local typed=$REPLY
  # The shell replaces only what stands behind the last colon.
  if [[ $current != [\"\']* && $COMP_WORDBREAKS == *:* && $current == *:* ]]; then
    _topicloop_unquote "${current%"${current##*:}"}"
    start=$REPLY
  fi
  for candidate in "${candidates[@]}"; do
    [[ $candidate == "$typed"* ]] || continue
    case $current in
      \'*)
        [[ $candidate == *\'* ]] && continue
        text=$candidate
        ;;
      \"*)
        text=${candidate//\\/\\\\}
        text=${text//\"/\\\"}
        text=${text//\$/\\\$}
        text=${text//\`/\\\`}
        ;;
      *) printf -v text %q "${candidate#"$start"}" ;;
    esac
    COMPREPLY+=("$lead$text")
  done
}

_topicloop() {
  local IFS=$' \t\n' REPLY
  local words path flag seen dashes given commands flags valued optional arguments kind
  local current candidates=() lead= line
  COMPREPLY=()
  _topicloop_split
  _topicloop_read
  current=${words[${#words[@]} - 1]}
  if [[ -z $flag && $dashes == 0 && $current == --*=* ]]; then
    flag=${current%%=*}
    [[ $COMP_WORDBREAKS == *=* ]] || lead=$flag=
    current=${current#*=}
  fi
  _topicloop_kind
  case $kind in
    words\ *) read -ra candidates <<<"${kind#words }" ;;
    file) compopt -o default 2>/dev/null ;;
    directory) compopt -o dirnames 2>/dev/null ;;
    ?*)
      while IFS= read -r line; do
        candidates+=("$line")
      done < <("${1/#\~\//$HOME/}" __complete "$kind" -- "${given[@]}" 2>/dev/null)
      ;;
  esac
  _topicloop_reply
}

complete -F _topicloop topicloop
)sh";

std::string bash_quoted(const std::string& text) {
  return "'" + text + "'";  // Names and words of ours have no quotes in them.
}

std::string kind_word(const ValueInfo& value) {
  if (!value.choices.empty()) return fmt::format("words {}", fmt::join(value.choices, " "));
  if (value.kind == ValueKind::File) return "file";
  if (value.kind == ValueKind::Directory) return "directory";
  return names_of(value.kind);
}

// The command without the program's name, which may be another in the shell.
std::string path_of(const CommandInfo& command) {
  const std::size_t space = command.name.find(' ');
  return space == std::string::npos ? "" : command.name.substr(space + 1);
}

void append_command(std::string& text, const CommandInfo& command) {
  std::vector<std::string> commands;
  std::vector<std::string> flags;
  std::vector<std::string> valued;
  std::vector<std::string> optional;
  std::vector<std::string> arguments;
  for (const auto& sub : command.commands)
    commands.push_back(sub.last_word());
  for (const auto& flag : command.flags) {
    flags.insert(flags.end(), flag.names.begin(), flag.names.end());
    if (!flag.takes_value()) continue;
    auto& list = flag.value.optional ? optional : valued;
    list.insert(list.end(), flag.names.begin(), flag.names.end());
  }
  for (const auto& argument : command.arguments)
    arguments.push_back(
        bash_quoted(kind_word(argument.value) + (argument.value.repeatable ? "..." : "")));
  text += fmt::format(
      "    {})\n      commands={} flags={}\n      valued={} optional={}\n"
      "      arguments=({})\n      ;;\n",
      bash_quoted(path_of(command)), bash_quoted(fmt::format("{}", fmt::join(commands, " "))),
      bash_quoted(fmt::format("{}", fmt::join(flags, " "))),
      bash_quoted(fmt::format("{}", fmt::join(valued, " "))),
      bash_quoted(fmt::format("{}", fmt::join(optional, " "))), fmt::join(arguments, " "));
  for (const auto& sub : command.commands)
    append_command(text, sub);
}

void append_values(std::string& text, const CommandInfo& command) {
  for (const auto& flag : command.flags) {
    const std::string kind = kind_word(flag.value);
    if (!flag.takes_value() || kind.empty()) continue;
    std::vector<std::string> patterns;
    for (const auto& name : flag.names)
      patterns.push_back(bash_quoted(path_of(command) + " " + name));
    text += fmt::format("    {}) kind={} ;;\n", fmt::join(patterns, " | "), bash_quoted(kind));
  }
  for (const auto& sub : command.commands)
    append_values(text, sub);
}

}  // namespace

std::string bash_completion(const CommandInfo& root) {
  std::string text = k_head;
  text +=
      "# Sets what there is at the command $1: further commands, flags, which of them take a "
      "value\n"
      "# or may have one, and what the arguments are.\n"
      "_topicloop_command() {\n  case $1 in\n";
  append_command(text, root);
  text += "  esac\n}\n\n# Sets kind to what the value of the flag $2 of the command $1 is.\n";
  text += "_topicloop_value() {\n  case \"$1 $2\" in\n";
  append_values(text, root);
  return text + "  esac\n}\n" + k_engine;
}

std::string names_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::Cache:
      return "caches";
    case ValueKind::Topic:
      return "topics";
    case ValueKind::Webhook:
      return "webhooks";
    case ValueKind::Profile:
      return "profiles";
    case ValueKind::Command:
      return "commands";
    case ValueKind::None:
    case ValueKind::File:
    case ValueKind::Directory:
      return "";
  }
  return "";
}

}  // namespace topicloop::cli
