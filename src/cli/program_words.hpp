// SPDX-License-Identifier: Apache-2.0
// Where in `exec [FLAGS] [--] PROGRAM [ARGUMENT]...` the other program's command line begins.
//
// All of it belongs to that program, also flags, `--` and words in brackets, which CLI11 would take
// for its own. Pure.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace topicloop::cli {

// Takes the program's words out of `arguments`, where one word stands for all of them. Nothing
// happens for another command than exec.
std::vector<std::string> take_program(const CLI::App& root, std::vector<std::string>& arguments);

}  // namespace topicloop::cli
