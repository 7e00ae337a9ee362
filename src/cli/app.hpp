// SPDX-License-Identifier: Apache-2.0
// The whole command line: parses arguments, runs one command, turns its failure into an exit code.
//
// The only place that catches. Tests call it as the program does.
#pragma once

#include "cli/context.hpp"

#include <string>
#include <vector>

namespace topicloop::cli {

// `arguments` without the program's name. The result is the process's exit code.
int run(const std::vector<std::string>& arguments, Streams& streams, Interrupt& interrupt);

}  // namespace topicloop::cli
