// SPDX-License-Identifier: Apache-2.0
// Another program in our place: with our terminal and standard streams, our process group, and the
// signals that are sent to us.
//
// What is typed at the terminal reaches it by itself, and so does Ctrl-Z: it and we stop and go on
// together. It is told to end (SIGTERM) should we be killed. Unlike sink/child_process, which talks
// to a program through pipes.
#pragma once

#include "cli/context.hpp"

#include <string>
#include <utility>
#include <vector>

namespace topicloop::cli {

struct ProgramEnd {
  // As a shell has it: its exit code, 128 and the number of the signal that ended it, 127 if there
  // is no such program, 126 if it cannot be run.
  int exit_code = 0;
  std::string failure = {};  // Why it could not be run; empty if it was.
};

using Variables = std::vector<std::pair<std::string, std::string>>;

class ForegroundProgram {
public:
  // Make it before anything is opened and any thread started: it takes note of the descriptors that
  // we were given, which are the program's too, and has signals wait for it.
  ForegroundProgram();

  // Runs `words`, the first of which is looked up in PATH, with `variables` in its environment
  // besides ours or instead of them; waits for its end. A stop is passed on to it as the signal
  // that asked for it.
  ProgramEnd run(const std::vector<std::string>& words, const Variables& variables,
                 Interrupt& interrupt) const;

private:
  std::vector<int> given_;
};

}  // namespace topicloop::cli
