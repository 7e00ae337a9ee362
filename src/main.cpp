// SPDX-License-Identifier: Apache-2.0
#include "cli/app.hpp"
#include "cli/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <iostream>

namespace {

// The number of a standard stream that was closed at the start may be a library's descriptor by
// now, before main; those close on exec, which nothing that came through one does.
bool is_given(int standard_stream) {
  return ::fcntl(standard_stream, F_GETFD) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace topicloop::cli;
  // Never destroyed: the signal thread outlives main.
  static auto& interrupt = *new Interrupt;
  handle_signals(interrupt);
  std::ios::sync_with_stdio(false);
  if (!is_given(STDOUT_FILENO)) std::cout.setstate(std::ios::badbit);
  if (!is_given(STDERR_FILENO)) std::cerr.setstate(std::ios::badbit);
  Streams streams{.in = is_given(STDIN_FILENO) ? STDIN_FILENO : -1,
                  .out = std::cout,
                  .err = std::cerr,
                  .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                  .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                  .err_is_terminal = ::isatty(STDERR_FILENO) == 1};
  return run({argv + 1, argv + argc}, streams, interrupt);
}
