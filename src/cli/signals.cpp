// SPDX-License-Identifier: Apache-2.0
#include "cli/signals.hpp"

#include "sink/running_programs.hpp"

#include <unistd.h>

#include <csignal>
#include <thread>

namespace topicloop::cli {

namespace {

constexpr int k_signal_base = 128;  // What shells add to a signal's number for an exit code.

void wait_for_signals(Interrupt& interrupt, sigset_t signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) == 0) {
    if (interrupt.signal.exchange(signal) != 0) {
      sink::kill_running_programs();
      ::_exit(k_signal_base + signal);
    }
    interrupt.source.request_stop();
  }
}

}  // namespace

void handle_signals(Interrupt& interrupt) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // A terminal that goes away, unless nohup is to keep us from it.
  if (std::signal(SIGHUP, SIG_DFL) == SIG_IGN) {
    std::signal(SIGHUP, SIG_IGN);
  } else {
    sigaddset(&signals, SIGHUP);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // Nobody waits for this one; it would only interrupt calls.
  sigset_t child_ended;
  sigemptyset(&child_ended);
  sigaddset(&child_ended, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &child_ended, nullptr);
  std::thread(wait_for_signals, std::ref(interrupt), signals).detach();
}

}  // namespace topicloop::cli
