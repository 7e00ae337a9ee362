// SPDX-License-Identifier: Apache-2.0
// What a command's end tells the shell.
#pragma once

#include "base/error.hpp"

#include <string_view>

namespace topicloop::cli {

enum class ExitCode {
  Done = 0,           // Count reached, expectations met.
  CheckFailed = 1,    // An expectation is not met: signature, delivery, comparison.
  Usage = 2,          // Unknown flag, bad value.
  BadInput = 3,       // Unreadable or malformed file, key, message.
  Unavailable = 4,    // Service unreachable or unavailable.
  Refused = 5,        // The service said no.
  GapSeen = 6,        // A gap under --fail-on-gap.
  Bug = 70,           // A bug in topicloop.
  Timeout = 124,      // The time the user gave ran out.
  HungUp = 129,       // SIGHUP.
  Interrupted = 130,  // SIGINT.
  Terminated = 143,   // SIGTERM.
};

ExitCode exit_code_of(ErrorKind kind);

// What an error's kind is called in JSON, such as "not_found". Never changed.
std::string_view name_of(ErrorKind kind);

}  // namespace topicloop::cli
