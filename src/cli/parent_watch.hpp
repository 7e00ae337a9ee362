// SPDX-License-Identifier: Apache-2.0
// Ending together with the process that started this one, however that ends: for test suites and
// for commands of ours that start others.
#pragma once

namespace CLI {
class App;
}

namespace topicloop::cli {

// --exit-with-parent; `flag` must outlive the parsing.
void add_exit_with_parent_flag(CLI::App& command, bool& flag);

// From now on, the end of the thread that started this process is a SIGTERM to it. Call on the main
// thread: it ends with the thread that asked.
void exit_with_parent();

}  // namespace topicloop::cli
