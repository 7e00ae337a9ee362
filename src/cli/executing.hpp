// SPDX-License-Identifier: Apache-2.0
// Another program with a topic service of its own, for as long as it runs.
//
// The service is the embedded one, on free ports. The program finds it by its environment and has
// standard input and output for itself: what we have to say goes to standard error.
#pragma once

#include "cli/context.hpp"
#include "cli/fault_flags.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace topicloop::cli {

struct ExecWebhook {
  std::string topic;
  std::string url;
};

// "TOPIC=URL"; a topic may have an equals sign in it. Fails with Usage.
Result<ExecWebhook> parse_exec_webhook(const std::string& text);

struct ExecOptions {
  std::string listen = "127.0.0.1:0";
  std::string http = "127.0.0.1:0";  // Or none.
  std::vector<std::string> caches;   // The first is the program's default; none: default-cache.
  std::vector<ExecWebhook> webhooks;
  std::size_t retain = 1'000;
  bool require_auth = false;
  FaultFlags on_purpose;
  bool verbose = false;  // Show the service and each delivery, not only those that failed.
};

// The names of the variables in which the secrets of the webhooks are, in their order:
// TOPICLOOP_WEBHOOK_SECRET_ and the topic in capitals, with a number if there is another like it.
std::vector<std::string> secret_variables(const std::vector<ExecWebhook>& webhooks);

// Runs the program in `context`, whose exit code becomes ours. Throws CommandError if there is no
// service for it.
void run_exec(const ExecOptions& options, Context& context);

}  // namespace topicloop::cli
