// SPDX-License-Identifier: Apache-2.0
// What `forward` does: follow topics and deliver each message as a signed webhook event.
//
// One thread a topic takes messages from the service while there is room in the delivery window;
// the command's own thread begins deliveries, shows them and notes what is settled; the delivery
// engine's thread sends. So a slow endpoint, dead letter file or reader of our output slows the
// streams down, and memory stays bounded.
#pragma once

#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/output_flags.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace topicloop::cli {

struct ForwardOptions {
  ConnectionFlags connection{.local = "", .cache = "", .connect_timeout = "10s"};
  OutputFlags output;
  std::vector<std::string> topics;
  std::vector<std::string> urls;     // Each gets every message.
  std::vector<std::string> lambdas;  // Lambda runtime emulators; likewise.
  std::string secret_file;           // Empty: not given.
  std::string webhook;               // Whose secret to sign with; empty: not given.
  std::uint64_t retry = 5;           // Attempts after the first.
  std::string retry_max_time;        // Empty: no limit.
  std::string timeout = "5s";        // Of each attempt.
  bool ordered = false;
  std::size_t concurrency = 32;  // By endpoint.
  std::string dead_letter;       // Empty: none.
  std::string resume_file;       // Empty: none.
  std::string from;              // A sequence number, "beginning", or empty: what is new.
  std::uint64_t count = 0;       // 0: no end.
};

// Returns when the count is reached and delivered, or on a stop. Throws CommandError: CheckFailed
// if deliveries failed that no dead letter file took, BadInput for files that cannot be read or
// written, or what the service said.
void run_forward(const ForwardOptions& options, Context& context);

}  // namespace topicloop::cli
