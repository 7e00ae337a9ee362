// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM: once asks the command to stop, twice ends the process at once,
// and the programs it has started with it.
#pragma once

#include "cli/context.hpp"

namespace topicloop::cli {

// Blocks SIGINT and SIGTERM in the calling thread, and so in all it starts later, and waits for
// them on a thread of its own, which lives as long as the process. A closed pipe, or a file
// that must not grow, becomes a write error instead of a signal. Call once, first thing in main;
// `interrupt` must never be destroyed.
void handle_signals(Interrupt& interrupt);

}  // namespace topicloop::cli
