// SPDX-License-Identifier: Apache-2.0
// Where signals go while a program in the foreground is to have them instead of us.
//
// Thread-safe: whoever waits for signals passes them on, whoever runs the program says until when.
#pragma once

#include <csignal>
#include <mutex>

namespace topicloop::cli {

class SignalRelay {
public:
  // From now on they go to this child. It must not be reaped before end(): its number could be
  // somebody else's by then.
  void begin(int child) { set(child); }
  void end() { set(0); }

  // False if nobody is to have it. `is_there`: it has reached the child by itself, as what is typed
  // at a terminal reaches all in the foreground.
  bool pass_on(int signal, bool is_there) {
    const std::lock_guard lock(mutex_);
    if (child_ == 0) return false;
    if (!is_there) ::kill(child_, signal);
    return true;
  }

private:
  void set(int child) {
    const std::lock_guard lock(mutex_);
    child_ = child;
  }

  std::mutex mutex_;
  int child_ = 0;
};

}  // namespace topicloop::cli
