// SPDX-License-Identifier: Apache-2.0
#include "cli/signals.hpp"

#include "sink/running_programs.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace topicloop::cli {

namespace {

constexpr int k_signal_base = 128;  // What shells add to a signal's number for an exit code.

// One kind of signal again so soon is the same request: `timeout` of the coreutils, for one, sends
// its signal to its child and then to the child's whole group.
constexpr std::chrono::milliseconds k_echo{100};

// Those that are only ever passed on.
sigset_t more_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGQUIT);
  sigaddset(&signals, SIGUSR1);
  sigaddset(&signals, SIGUSR2);
  return signals;
}

void do_as_usual(int signal) {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  ::raise(signal);  // For this thread, and so for the process, once it lets it through.
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
  pthread_sigmask(SIG_BLOCK, &one, nullptr);
}

void wait_for_signals(Interrupt& interrupt, sigset_t signals) {
  const sigset_t more = more_signals();
  std::chrono::steady_clock::time_point first_at;
  for (;;) {
    siginfo_t info{};
    const int signal = ::sigwaitinfo(&signals, &info);
    if (signal < 0) continue;
    // The kernel sends what is typed at a terminal, or its end, to all in the foreground.
    if (interrupt.relay.pass_on(signal, info.si_code == SI_KERNEL)) continue;
    if (sigismember(&more, signal) == 1) {
      do_as_usual(signal);
      continue;
    }
    const auto now = std::chrono::steady_clock::now();
    const int before = interrupt.signal.exchange(signal);
    if (before == signal && now - first_at < k_echo) continue;
    if (before != 0) {
      sink::kill_running_programs();
      ::_exit(k_signal_base + signal);
    }
    first_at = now;
    interrupt.source.request_stop();
  }
}

// The thread must never be where the signals that it waits for do what they usually do: it begins
// with all of them blocked. They are `signals` and more_signals().
void start_waiting(Interrupt& interrupt, sigset_t signals) {
  const sigset_t more = more_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  pthread_sigmask(SIG_BLOCK, &more, nullptr);
  for (const int signal : {SIGQUIT, SIGUSR1, SIGUSR2})
    sigaddset(&signals, signal);
  std::thread(wait_for_signals, std::ref(interrupt), signals).detach();
  pthread_sigmask(SIG_UNBLOCK, &more, nullptr);
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
  // Nobody waits for this one; it would only interrupt calls.
  sigset_t child_ended;
  sigemptyset(&child_ended);
  sigaddset(&child_ended, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &child_ended, nullptr);
  start_waiting(interrupt, signals);
}

void take_more_signals() {
  const sigset_t more = more_signals();
  pthread_sigmask(SIG_BLOCK, &more, nullptr);
}

void restore_signals() {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace topicloop::cli
