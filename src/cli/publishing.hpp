// SPDX-License-Identifier: Apache-2.0
// What `publish` does: send the messages of a source, in order, at a pace, and account for each.
//
// Nothing is retried unless asked for: a publish that failed may still have happened.
#pragma once

#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/message_source.hpp"
#include "cli/output_flags.hpp"

#include <cstdint>
#include <string>

namespace topicloop::cli {

struct PublishOptions {
  ConnectionFlags connection;
  OutputFlags output;
  std::string topic;
  SourceOptions source;
  std::size_t in_flight = 1;  // 1 keeps messages strictly in order.
  double rate = 0;            // Messages per second; 0: as fast as possible.
  std::uint64_t retry = 0;    // Further attempts for a message, if the failure may pass.
  bool keep_going = false;    // Go on with the next message after one that failed.
};

// Returns once every message is accepted, or on a stop. Throws CommandError for the first message
// that was not, naming it and how many were.
void run_publish(const PublishOptions& options, Context& context);

}  // namespace topicloop::cli
