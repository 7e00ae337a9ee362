// SPDX-License-Identifier: Apache-2.0
// Completion scripts for shells, made from the tree of commands.
//
// Commands, flags and fixed values are in the script; names that only a service or this machine
// knows are asked for with the hidden `topicloop __complete`, while somebody waits. Pure.
#pragma once

#include "cli/command_tree.hpp"

#include <string>

namespace topicloop::cli {

// Each returns a whole script.
std::string bash_completion(const CommandInfo& root);
std::string zsh_completion(const CommandInfo& root);
std::string fish_completion(const CommandInfo& root);

// What `topicloop __complete` calls such names; empty for the other kinds.
std::string names_of(ValueKind kind);

}  // namespace topicloop::cli
