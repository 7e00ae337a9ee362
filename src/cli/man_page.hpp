// SPDX-License-Identifier: Apache-2.0
// A manual page for each command, made from the tree of commands, for man and mandoc.
//
// Without a date, so that the same source always gives the same bytes. Pure.
#pragma once

#include "cli/command_tree.hpp"

#include <string>
#include <vector>

namespace topicloop::cli {

struct ManPage {
  std::string file;  // "topicloop-webhook-put.1".
  std::string text;
};

// For `root` and everything below it.
std::vector<ManPage> man_pages(const CommandInfo& root, const std::string& version);

}  // namespace topicloop::cli
