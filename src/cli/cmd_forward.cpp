// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/flag_checks.hpp"
#include "cli/forwarding.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <set>

namespace topicloop::cli {

namespace {

void add_targets(CLI::App& command, ForwardOptions& options) {
  command.add_option("--to", options.urls, "URL to POST every message to; repeatable")
      ->allow_extra_args(false)
      ->check(check_url)
      ->option_text("URL");
  command
      .add_option("--lambda", options.lambdas,
                  "Lambda runtime emulator to invoke with every message, as API Gateway would")
      ->allow_extra_args(false)
      ->check(check_url)
      ->option_text("URL");
  command
      .add_option("--secret-file", options.secret_file,
                  "Signing secret (else TOPICLOOP_WEBHOOK_SECRET)")
      ->option_text("FILE");
  command.add_option("--webhook", options.webhook, "Sign with the secret of this webhook")
      ->check(check_name)
      ->option_text("NAME");
}

void add_delivering(CLI::App& command, ForwardOptions& options) {
  command
      .add_option("--retry", options.retry,
                  "Try again so often: no answer, 408, 429 (Retry-After honoured), 5xx")
      ->check(check_between(0, 1'000'000))
      ->option_text("N (5)");
  command
      .add_option("--retry-max-time", options.retry_max_time,
                  "No attempt begins later than this after a message's first")
      ->check(check_duration)
      ->option_text("DURATION");
  command.add_option("--timeout", options.timeout, "How long an endpoint may take to answer")
      ->check(check_duration)
      ->option_text("DURATION (5s)");
  CLI::Option* concurrency = command
                                 .add_option("--concurrency", options.concurrency,
                                             "Deliveries at a time to each URL, in any order")
                                 ->check(check_between(1, 1'024))
                                 ->option_text("N (32)");
  command
      .add_flag("--ordered", options.ordered,
                "Each topic's messages one after the other, retries included")
      ->excludes(concurrency);
  command
      .add_option("--dead-letter", options.dead_letter,
                  "Append what cannot be delivered to this capture file, and go on")
      ->option_text("FILE");
}

void add_position(CLI::App& command, ForwardOptions& options) {
  command.add_option("-n,--count", options.count, "End after so many messages, once delivered")
      ->check(check_count)
      ->option_text("N");
  command
      .add_option("--from", options.from,
                  "Begin with this sequence number, or with what the service still has")
      ->option_text("SEQ|beginning");
  command
      .add_option("--resume-file", options.resume_file,
                  "Begin after what the last run with this file delivered; kept up to date")
      ->option_text("FILE");
}

void check(const ForwardOptions& options) {
  if (options.urls.empty() && options.lambdas.empty()) {
    throw CommandError(
        {ErrorKind::Usage, "nowhere to forward to", "give --to URL or --lambda URL"});
  }
  if (!options.secret_file.empty() && !options.webhook.empty()) {
    throw CommandError(
        {ErrorKind::Usage, "--secret-file and --webhook both name a secret: give one of them", ""});
  }
  if (!options.dead_letter.empty() && options.dead_letter == options.resume_file) {
    throw CommandError(
        {ErrorKind::Usage, "--dead-letter and --resume-file name the same file: give two", ""});
  }
}

}  // namespace

void add_forward(CLI::App& app, Action& action) {
  const auto options = std::make_shared<ForwardOptions>();
  CLI::App* command =
      app.add_subcommand("forward", "Follow topics and POST each message as a signed webhook");
  command->add_option("topic", options->topics, "Topics to follow")
      ->required()
      ->check(check_name)
      ->option_text("TOPIC...");
  add_targets(*command, *options);
  add_delivering(*command, *options);
  add_position(*command, *options);
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  add_ready_file_flag(*command, options->output);
  command->footer(
      "The requests are byte for byte those of Momento's webhooks; event_timestamp is when the\n"
      "message arrived here. Delivered at least once: with --resume-file the next run goes on "
      "after\n"
      "what was delivered. Ends with 1 if deliveries failed and no dead letter file took them.\n"
      "\n"
      "Examples:\n"
      "  topicloop forward \"topic 1\" --to http://127.0.0.1:3000/hook --secret-file secret.txt\n"
      "  topicloop forward orders --to https://example.com/ --secret-file secret.txt --ordered\n"
      "  topicloop forward orders --to http://127.0.0.1:3000 --webhook upper --resume-file "
      "at.json\n"
      "  topicloop forward orders --to http://127.0.0.1:3000 --webhook upper --dead-letter "
      "dead.jsonl\n"
      "  topicloop forward \"topic 1\" --lambda http://127.0.0.1:9001 --webhook upper");
  command->callback([options, &action] {
    // Named twice, a topic is still one.
    std::set<std::string> seen;
    std::erase_if(options->topics,
                  [&](const std::string& topic) { return !seen.insert(topic).second; });
    action = [options](Context& context) {
      check(*options);
      run_forward(*options, context);
    };
  });
}

}  // namespace topicloop::cli
