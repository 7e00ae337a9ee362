// SPDX-License-Identifier: Apache-2.0
// What `bench` does: measure what publishing, subscribing, the whole loop or webhooks can take.
//
// The service is an embedded one in a process of its own unless the flags or the environment name
// another, on a topic that nobody else uses. Each function shows what was measured, also after a
// stop; throws CommandError: CheckFailed if messages were lost, else what the service failed with.
#pragma once

#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/output_flags.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace topicloop::cli {

struct BenchOptions {
  ConnectionFlags connection;
  OutputFlags output;
  std::uint64_t messages = 10'000;
  std::optional<std::uint64_t> warm_up;  // Messages before those; else a tenth, at most 1,000.
  std::size_t size = 100;                // Bytes of each.
  std::size_t in_flight = 1;
  double rate = 0;  // Messages per second; 0: as fast as they go.
  std::string timeout = "10s";
  std::size_t subscribers = 1;
  std::string to;  // URL; empty: a receiver of our own.
  std::vector<std::string> secret_files;
};

// How long the service takes to accept messages.
void run_bench_publish(const BenchOptions& options, Context& context);
// How long messages take from a publisher to each of many subscribers.
void run_bench_subscribe(const BenchOptions& options, Context& context);
// How long messages take through a webhook, its receiver and back on another topic.
void run_bench_loop(const BenchOptions& options, Context& context);
// How long a receiver takes to accept webhook events.
void run_bench_webhook(const BenchOptions& options, Context& context);

}  // namespace topicloop::cli
