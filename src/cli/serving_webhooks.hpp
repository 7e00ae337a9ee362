// SPDX-License-Identifier: Apache-2.0
// What serve-webhook does: a receiver, its webhook on the service, the sinks, the summary.
#pragma once

#include "cli/answering.hpp"
#include "cli/capture_flags.hpp"
#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/exposure.hpp"
#include "cli/output_flags.hpp"
#include "cli/sinks.hpp"
#include "webhook/tls_files.hpp"

#include <string>
#include <vector>

namespace topicloop::cli {

struct ServeWebhookOptions {
  ConnectionFlags connection{.local = "", .cache = "", .connect_timeout = "10s"};
  OutputFlags output;
  SinkOptions sinks;
  AnswerOptions answer;
  CaptureFlags capture;
  ExposureOptions exposure;
  webhook::TlsFiles tls;
  std::string listen = "127.0.0.1:9000";
  std::string path = "/";
  std::vector<std::string> secret_files;
  std::string webhook;
  bool no_verify = false;
  std::string max_age = "60s";
  std::string register_topic;
  bool keep_webhook = false;
  bool exit_with_parent = false;
  std::string aggregate;  // Interval; empty: nothing is shown.

  bool needs_service() const {
    return !sinks.publish_to.empty() || !webhook.empty() || !register_topic.empty();
  }
};

// Receives until it is interrupted. Throws CommandError.
void serve_webhooks(const ServeWebhookOptions& options, Context& context);

}  // namespace topicloop::cli
