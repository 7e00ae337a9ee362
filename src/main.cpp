// SPDX-License-Identifier: Apache-2.0
#include "cli/app.hpp"
#include "cli/signals.hpp"

#include <unistd.h>

#include <iostream>

int main(int argc, char** argv) {
  using namespace topicloop::cli;
  // Never destroyed: the signal thread outlives main.
  static auto& interrupt = *new Interrupt;
  handle_signals(interrupt);
  std::ios::sync_with_stdio(false);
  Streams streams{.in = STDIN_FILENO,
                  .out = std::cout,
                  .err = std::cerr,
                  .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                  .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                  .err_is_terminal = ::isatty(STDERR_FILENO) == 1};
  return run({argv + 1, argv + argc}, streams, interrupt);
}
