// SPDX-License-Identifier: Apache-2.0
#include "cli/parent_watch.hpp"

#include <CLI/CLI.hpp>
#include <sys/prctl.h>

#include <csignal>

namespace topicloop::cli {

void add_exit_with_parent_flag(CLI::App& command, bool& flag) {
  command.add_flag("--exit-with-parent", flag,
                   "End, as on SIGTERM, when the process that started this one ends");
}

void exit_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
}

}  // namespace topicloop::cli
