// SPDX-License-Identifier: Apache-2.0
// The commands as plain data, for what is generated from them: completions and man pages.
//
// Read off the live command line, so that nothing can be forgotten; hidden commands are not in it.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace topicloop::cli {

// What a shell can offer for a value.
enum class ValueKind { None, File, Directory, Cache, Topic, Webhook, Profile, Command };

struct ValueInfo {
  std::string placeholder = {};           // "FILE"; empty for a flag without a value.
  std::string fallback = {};              // What is used without it, if the help says so.
  std::vector<std::string> choices = {};  // All values there are, if they are few.
  bool is_open = false;                   // There are others beside the choices.
  ValueKind kind = ValueKind::None;
  bool optional = false;    // The value, or the whole argument, may be left out.
  bool repeatable = false;  // May be given more than once.
};

struct FlagInfo {
  std::vector<std::string> names;  // "-o", "--output".
  std::string description;
  ValueInfo value;

  bool takes_value() const { return !value.placeholder.empty(); }
};

struct ArgumentInfo {
  std::string description;
  ValueInfo value;
};

struct CommandInfo {
  std::string name;  // "topicloop webhook put".
  std::string usage;
  std::string description;
  std::string notes;                  // Paragraphs below the flags in the help.
  std::vector<std::string> examples;  // As they can be typed.
  std::vector<FlagInfo> flags;
  std::vector<ArgumentInfo> arguments;
  std::vector<CommandInfo> commands;

  std::string last_word() const { return name.substr(name.rfind(' ') + 1); }
};

CommandInfo describe_commands(const CLI::App& root);

}  // namespace topicloop::cli
