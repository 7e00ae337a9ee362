// SPDX-License-Identifier: Apache-2.0
// The help pages: how they look, and where in the tree of commands a page is.
//
// The only door to CLI11's formatter. Nothing here changes what is parsed. One thread.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace topicloop::cli {

// For commands added from now on.
void set_help_format(CLI::App& root);

// The whole page, as --help prints it.
std::string help_page(const CLI::App& command);

// "topicloop webhook put".
std::string full_name(const CLI::App& command);

// "topicloop publish [OPTIONS] TOPIC [VALUE]".
std::string usage_line(const CLI::App& command);

// "TOPIC" or "--retry": as people know it.
std::string shown_name(const CLI::Option& option);

// The subcommands that are listed, in order; their names.
std::vector<const CLI::App*> listed_commands(const CLI::App& command);
std::vector<std::string> command_names(const CLI::App& command);

// The subcommand of that name, listed or not; or null.
const CLI::App* find_command(const CLI::App& command, const std::string& name);

}  // namespace topicloop::cli
