// SPDX-License-Identifier: Apache-2.0
// What serve-webhook does with each event: its flags, and the sinks they make.
#pragma once

#include "cli/consumer.hpp"
#include "webhook/transform.hpp"

#include <optional>
#include <string>
#include <vector>

namespace topicloop::cli {

struct SinkOptions {
  webhook::Transform transform = webhook::Transform::Identity;
  std::string exec;
  std::string exec_timeout = "5s";
  std::size_t exec_concurrency = 8;
  bool binary = false;
  std::string pipe;
  std::string pipe_timeout = "5s";
  std::string sqlite;
  std::vector<std::string> forward_to;
  std::vector<std::string> publish_to;  // {topic} and {cache} stand for the event's.
};

// `options` must outlive the parsing.
void add_sink_flags(CLI::App& command, SinkOptions& options);

// In the order in which an event goes through them: first those that change what goes on, then the
// one that remembers it, then those that tell others. Programs are started and files opened here.
// `client` is needed to publish. Throws CommandError for programs, files and topics that are no
// good.
std::vector<sink::Sink> make_sinks(const SinkOptions& options,
                                   const std::optional<topic::Client>& client,
                                   const std::string& cache);

}  // namespace topicloop::cli
