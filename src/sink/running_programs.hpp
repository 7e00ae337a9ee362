// SPDX-License-Identifier: Apache-2.0
// The programs that are running as children of this process, and ending them with what they
// started.
//
// A number stands for the same process only until its end has been waited for; hence one place that
// starts, waits and kills. An int is a pid_t here. Thread-safe.
#pragma once

#include <functional>

namespace topicloop::sink {

// Calls `spawn`, which returns 0 or an error number, and remembers the process whose number it
// sets. ECANCELED, without calling it, after kill_running_programs().
int start_program(const std::function<int(int&)>& spawn, int& id);

// Waits until the program has ended, and forgets it. Its status, as waitpid() tells it.
int wait_for_program(int id);

// Kills the program, its process group, and whatever has been started below it, in whatever group
// or session: but not what was started by something that is gone already, as a daemon is.
// wait_for_program() must follow.
void kill_program(int id);

// All of them. None can be started any more: for a process that is about to exit.
void kill_running_programs();

}  // namespace topicloop::sink
