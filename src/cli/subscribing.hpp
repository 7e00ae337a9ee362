// SPDX-License-Identifier: Apache-2.0
// What `subscribe` does: follow topics through whatever happens to their streams, and show them.
//
// One thread a topic takes events from the service and shows them itself, one at a time, so a slow
// reader of our output slows the streams down and nothing is queued here.
#pragma once

#include "cli/capture_flags.hpp"
#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/output_flags.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace topicloop::cli {

struct SubscribeOptions {
  ConnectionFlags connection{.local = "", .cache = "", .connect_timeout = "10s"};
  OutputFlags output;
  std::vector<std::string> topics;
  std::uint64_t count = 0;   // 0: no end.
  std::string timeout;       // Empty: none.
  std::string idle_timeout;  // Empty: none.
  std::string from;          // A sequence number, "beginning", or empty: what is new.
  std::string resume_file;   // Empty: none.
  std::string match;         // A regular expression; empty: every message.
  CaptureFlags capture;      // Of the messages that match, and of all gaps.
  bool fail_on_gap = false;
  std::vector<std::string> show;
};

// Returns when the count is reached or on a stop. Throws CommandError: Timeout, GapSeen, BadInput
// for a resume file or capture that cannot be read or written, or what the service said.
void run_subscribe(const SubscribeOptions& options, Context& context);

}  // namespace topicloop::cli
