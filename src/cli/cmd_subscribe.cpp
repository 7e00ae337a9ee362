// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/flag_checks.hpp"
#include "cli/subscribing.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <set>

namespace topicloop::cli {

namespace {

void add_limits(CLI::App& command, SubscribeOptions& options) {
  command.add_option("-n,--count", options.count, "End after this many messages")
      ->check(check_count)
      ->option_text("N");
  command.add_option("--timeout", options.timeout, "End with 124 after this long")
      ->check(check_duration)
      ->option_text("DURATION");
  command
      .add_option("--idle-timeout", options.idle_timeout,
                  "End with 124 once no message was shown for this long")
      ->check(check_duration)
      ->option_text("DURATION");
  command.add_flag("--fail-on-gap", options.fail_on_gap, "End with 6 if messages are missing");
}

void add_position(CLI::App& command, SubscribeOptions& options) {
  command
      .add_option("--from", options.from,
                  "Begin with this sequence number, or with what the service still has")
      ->option_text("SEQ|beginning");
  command
      .add_option("--resume-file", options.resume_file,
                  "Begin where the last run with this file ended; kept up to date")
      ->option_text("FILE");
}

}  // namespace

void add_subscribe(CLI::App& app, Action& action) {
  const auto options = std::make_shared<SubscribeOptions>();
  CLI::App* command = app.add_subcommand("subscribe", "Follow one or more topics");
  command->add_option("topic", options->topics, "Topics to follow")
      ->required()
      ->check(check_name)
      ->option_text("TOPIC...");
  add_limits(*command, *options);
  add_position(*command, *options);
  command
      ->add_option("--match", options->match,
                   "Show and count only messages that match this regular expression (RE2)")
      ->option_text("REGEX");
  command->add_option("--show", options->show, "What else to show: heartbeats; gaps always are")
      ->delimiter(',')
      ->check(CLI::IsMember({"heartbeats", "gaps"}).description(""))
      ->option_text("WHAT");
  add_capture_flags(*command, options->capture, "Append messages and gaps to this file");
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  add_ready_file_flag(*command, options->output);
  command->footer(
      "Survives restarts of the service and broken connections: it subscribes again where it was,\n"
      "drops what comes twice and says what is missing.\n"
      "\n"
      "Examples:\n"
      "  topicloop subscribe \"topic 2\"\n"
      "  topicloop subscribe \"topic 2\" --count 1 --timeout 10s -o json\n"
      "  topicloop subscribe orders refunds --resume-file position.json\n"
      "  topicloop subscribe orders --capture orders.jsonl.zst\n"
      "  topicloop subscribe orders --match '\"status\":\"failed\"' --idle-timeout 1m");
  command->callback([options, &action] {
    // Named twice, a topic is still one.
    auto& topics = options->topics;
    std::set<std::string> seen;
    std::erase_if(topics, [&](const std::string& topic) { return !seen.insert(topic).second; });
    action = [options](Context& context) { run_subscribe(*options, context); };
  });
}

}  // namespace topicloop::cli
