// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/consumer.hpp"
#include "cli/flag_checks.hpp"
#include "cli/loop.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace topicloop::cli {

void add_loop(CLI::App& app, Action& action) {
  const auto options = std::make_shared<LoopOptions>();
  CLI::App* command = app.add_subcommand(
      "loop", "Run the whole loop: publish, webhook, process, publish, subscribe");
  command->add_option("--in", options->in, "Inbound topic")
      ->check(check_name)
      ->option_text("TOPIC (topic 1)");
  command->add_option("--out", options->out, "Outbound topic")
      ->check(check_name)
      ->option_text("TOPIC (topic 2)");
  command
      ->add_option("--message", options->messages,
                   "Message to send round; repeatable (else each line of standard input)")
      ->option_text("TEXT");
  add_transform_flag(*command, options->transform);
  command->add_option("-n,--count", options->count, "End after this many messages")
      ->check(check_count)
      ->option_text("N");
  command->add_option("--timeout", options->timeout, "How long a message may take")
      ->check(check_duration)
      ->option_text("DURATION (10s)");
  command->add_flag("--stats", options->stats, "Show how long the loop took");
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  command->footer(
      "Runs an embedded service on free ports unless TOPICLOOP_LOCAL, --local or another flag "
      "about\n"
      "the service says that there is one.\n"
      "\n"
      "Examples:\n"
      "  topicloop loop --message hello --message \"straße\" --stats\n"
      "  seq 100 | topicloop loop --transform identity -o json");
  command->callback([options, &action] {
    action = [options](Context& context) { run_loop(*options, context); };
  });
}

}  // namespace topicloop::cli
