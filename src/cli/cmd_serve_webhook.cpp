// SPDX-License-Identifier: Apache-2.0
#include "cli/capture_flags.hpp"
#include "cli/commands.hpp"
#include "cli/flag_checks.hpp"
#include "cli/parent_watch.hpp"
#include "cli/serving_webhooks.hpp"
#include "cli/tls_flags.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace topicloop::cli {

namespace {

constexpr const char* k_footer =
    "An event goes through --transform, --exec and --pipe, each of which gets what the one before\n"
    "made of it, then --sqlite, --forward-to and --publish-to, and is answered 200 once it is\n"
    "through all of them; 502 names the one that failed, and what came before it has been done.\n"
    "401 without a signature, 403 for a wrong one or an event too old, 400 for a malformed event,\n"
    "500 if it was not captured.\n"
    "\n"
    "--exec finds the event in TOPICLOOP_TOPIC, TOPICLOOP_TOPIC_SEQUENCE_NUMBER and so on; "
    "without\n"
    "output nothing goes on. --pipe answers {\"text\":...}, {} for nothing, or "
    "{\"error\":\"why\"}.\n"
    "Neither has a shell: --exec \"sh -c '...'\" does.\n"
    "\n"
    "Examples:\n"
    "  topicloop serve-webhook --register \"topic 1\" --transform upper --publish-to \"topic 2\"\n"
    "  topicloop serve-webhook --secret-file secret.txt --listen 0.0.0.0:9000\n"
    "  topicloop serve-webhook --register orders --exec \"jq -c .items\" --publish-to items\n"
    "  topicloop serve-webhook --register orders --ngrok --sqlite orders.db --dedupe 1h\n"
    "  topicloop serve-webhook --no-verify --capture events.jsonl --redact /text/card\n"
    "  topicloop serve-webhook --no-verify --respond 503,503,200 --respond-delay 100ms";

void add_secret_flags(CLI::App& command, ServeWebhookOptions& options) {
  command
      .add_option("--secret-file", options.secret_files,
                  "Signing secret; repeatable, any may match (or TOPICLOOP_WEBHOOK_SECRET)")
      ->option_text("FILE");
  command
      .add_option("--webhook", options.webhook,
                  "Use this webhook's secret; with --register: the name to register")
      ->check(check_name)
      ->option_text("NAME");
  command.add_flag("--no-verify", options.no_verify, "Accept requests without a valid signature");
  command
      .add_option("--max-age", options.max_age,
                  "Refuse events fired longer ago than this; 0 accepts any")
      ->check(check_duration)
      ->option_text("DURATION (60s)");
}

void add_listening_flags(CLI::App& command, ServeWebhookOptions& options) {
  command.add_option("--listen", options.listen, "Where to listen; port 0 picks a free one")
      ->check(check_listen_address)
      ->option_text("HOST:PORT (127.0.0.1:9000)");
  command.add_option("--path", options.path, "Path that receives")
      ->check(check_path)
      ->option_text("PATH (/)");
  add_tls_flags(command, options.tls);
}

void add_registration_flags(CLI::App& command, ServeWebhookOptions& options) {
  command
      .add_option("--register", options.register_topic,
                  "Create or update a webhook on this topic that points here")
      ->check(check_name)
      ->option_text("TOPIC");
  command.add_flag("--keep-webhook", options.keep_webhook,
                   "Leave the webhook that --register created when this ends");
  add_exposure_flags(command, options.exposure);
}

}  // namespace

void add_serve_webhook(CLI::App& app, Action& action) {
  const auto options = std::make_shared<ServeWebhookOptions>();
  CLI::App* command = app.add_subcommand("serve-webhook",
                                         "Receive webhooks, verify them, process them, publish on");
  add_listening_flags(*command, *options);
  add_registration_flags(*command, *options);
  add_secret_flags(*command, *options);
  add_sink_flags(*command, options->sinks);
  add_capture_flags(*command, options->capture,
                    "Append every request and our answer to this file, before answering");
  add_answer_flags(*command, options->answer);
  command
      ->add_option("--aggregate", options->aggregate,
                   "Show counts and rates by topic and token id, this often (1s)")
      ->expected(0, 1)
      ->default_str("1s")
      ->check(check_interval)
      ->option_text("[DURATION]");
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  add_ready_file_flag(*command, options->output);
  add_exit_with_parent_flag(*command, options->exit_with_parent);
  command->footer(k_footer);
  command->callback([options, &action] {
    action = [options](Context& context) { serve_webhooks(*options, context); };
  });
}

}  // namespace topicloop::cli
