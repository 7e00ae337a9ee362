// SPDX-License-Identifier: Apache-2.0
#include "cli/app.hpp"
#include "cli/descriptor_limit.hpp"
#include "cli/output_stream.hpp"
#include "cli/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

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
  allow_many_descriptors();
  OutputStream out(STDOUT_FILENO, interrupt.token());
  OutputStream err(STDERR_FILENO, interrupt.token());
  if (!is_given(STDOUT_FILENO)) out.stream().setstate(std::ios::badbit);
  if (!is_given(STDERR_FILENO)) err.stream().setstate(std::ios::badbit);
  Streams streams{.in = is_given(STDIN_FILENO) ? STDIN_FILENO : -1,
                  .out = out.stream(),
                  .err = err.stream(),
                  .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                  .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                  .err_is_terminal = ::isatty(STDERR_FILENO) == 1};
  return run({argv + 1, argv + argc}, streams, interrupt);
}
