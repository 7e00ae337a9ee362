// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_payload.hpp"
#include "cli/benching.hpp"
#include "cli/commands.hpp"
#include "cli/flag_checks.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace topicloop::cli {

namespace {

using Run = void (*)(const BenchOptions&, Context&);

constexpr const char* k_service_note =
    "Measures an embedded service in a process of its own unless TOPICLOOP_LOCAL, --local or "
    "another\n"
    "flag about the service says that there is one; its messages may have their price.\n";

void add_size_flags(CLI::App& command, BenchOptions& options) {
  command.add_option("--messages", options.messages, "Messages to measure")
      ->check(check_count)
      ->option_text("N (10000)");
  command
      .add_option("--warm-up", options.warm_up,
                  "Messages before those, not measured (a tenth, at most 1000)")
      ->check(CLI::Range(0, 10'000'000).description(""))
      ->option_text("N");
  command.add_option("--size", options.size, "Bytes of each message, 16 to 1000000")
      ->check(CLI::Range(k_smallest_payload, k_largest_payload).description(""))
      ->option_text("B (100)");
}

void add_load_flags(CLI::App& command, BenchOptions& options, const char* in_flight) {
  command.add_option("--in-flight", options.in_flight, in_flight)
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'024}).description(""))
      ->option_text("N (1)");
  command
      .add_option("--rate", options.rate,
                  "Send so many a second; latencies then count from when each was due")
      ->check(check_rate)
      ->option_text("R");
}

void add_timeout_flag(CLI::App& command, BenchOptions& options, const char* description) {
  command.add_option("--timeout", options.timeout, description)
      ->check(check_interval)
      ->option_text("DURATION (10s)");
}

// Those that all four have.
CLI::App& add_kind(CLI::App& group, Action& action, const std::string& name,
                   const std::string& description, const char* in_flight, Run run,
                   const std::shared_ptr<BenchOptions>& options) {
  CLI::App& command = *group.add_subcommand(name, description);
  add_size_flags(command, *options);
  add_load_flags(command, *options, in_flight);
  add_output_flags(command, options->output);
  command.callback([options, run, &action] {
    action = [options, run](Context& context) { run(*options, context); };
  });
  return command;
}

void add_bench_publish(CLI::App& group, Action& action) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App& command =
      add_kind(group, action, "publish", "How long until the service has accepted a message",
               "Messages on their way at a time: 1 tells latency, 64 throughput", run_bench_publish,
               options);
  add_connection_flags(command, options->connection);
  command.footer(std::string(k_service_note) +
                 "\n"
                 "Examples:\n"
                 "  topicloop bench publish\n"
                 "  topicloop bench publish --in-flight 64 --size 1000\n"
                 "  topicloop bench publish --in-flight 8 --rate 1000 --messages 2000 -o json\n"
                 "  topicloop bench publish --local --messages 1000");
}

void add_bench_subscribe(CLI::App& group, Action& action) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App& command = add_kind(
      group, action, "subscribe", "How long from a publisher to every subscriber",
      "Messages on their way that not every subscriber has yet", run_bench_subscribe, options);
  command
      .add_option("--subscribers", options->subscribers,
                  "Subscribers to one topic, which share a connection")
      ->check(CLI::Range(1, 10'000).description(""))
      ->option_text("N (1)");
  add_timeout_flag(command, *options, "Messages are lost if none arrives for so long");
  add_connection_flags(command, options->connection);
  command.footer(std::string(k_service_note) +
                 "\n"
                 "Examples:\n"
                 "  topicloop bench subscribe\n"
                 "  topicloop bench subscribe --in-flight 64\n"
                 "  topicloop bench subscribe --subscribers 100 --in-flight 16 --messages 1000\n"
                 "  topicloop bench subscribe --rate 500 --messages 1000 -o json");
}

void add_bench_loop(CLI::App& group, Action& action) {
  const auto options = std::make_shared<BenchOptions>();
  options->messages = 1'000;
  CLI::App& command = add_kind(
      group, action, "loop", "How long through a webhook, its receiver and on to another topic",
      "Messages on their way that are not back yet", run_bench_loop, options);
  command.get_option("--messages")->option_text("N (1000)");
  add_timeout_flag(command, *options, "Messages are lost if none comes back for so long");
  add_connection_flags(command, options->connection);
  command.footer(
      std::string(k_service_note) +
      "The receiver is `topicloop serve-webhook --transform upper --publish-to` on this\n"
      "machine, where the service must reach it.\n"
      "\n"
      "Examples:\n"
      "  topicloop bench loop\n"
      "  topicloop bench loop --rate 300 --in-flight 16\n"
      "  topicloop bench loop --in-flight 32 --messages 5000 -o json");
}

void add_bench_webhook(CLI::App& group, Action& action) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App& command = add_kind(
      group, action, "webhook", "How long a receiver takes to accept a webhook event",
      "Requests on their way, each on a connection of its own", run_bench_webhook, options);
  command.add_option("--to", options->to, "URL to POST to (else a serve-webhook of its own)")
      ->check(check_url)
      ->option_text("URL");
  command
      .add_option("--secret-file", options->secret_files,
                  "Signing secret for --to (or TOPICLOOP_WEBHOOK_SECRET)")
      ->allow_extra_args(false)
      ->option_text("FILE");
  add_timeout_flag(command, *options, "How long an answer may take");
  command.footer(
      "The requests are byte for byte those of Momento's webhooks, signed and numbered from 1.\n"
      "\n"
      "Examples:\n"
      "  topicloop bench webhook\n"
      "  topicloop bench webhook --in-flight 32 --size 1000\n"
      "  topicloop bench webhook --to http://127.0.0.1:9000/ --secret-file secret.txt --rate 200");
}

}  // namespace

void add_bench(CLI::App& app, Action& action) {
  CLI::App* group =
      app.add_subcommand("bench", "Measure publishing, subscribing, the loop and webhooks");
  group->require_subcommand(1);
  add_bench_publish(*group, action);
  add_bench_subscribe(*group, action);
  add_bench_loop(*group, action);
  add_bench_webhook(*group, action);
  group->footer(
      "Every message is accounted for: one that is lost makes it end with 1. What the numbers "
      "mean,\n"
      "and how to read them, is in docs/bench.md.\n"
      "\n"
      "Examples:\n"
      "  topicloop bench publish --in-flight 64\n"
      "  topicloop bench subscribe --subscribers 100 --messages 1000\n"
      "  topicloop bench loop --rate 300 --in-flight 16\n"
      "  topicloop bench webhook --in-flight 32");
}

}  // namespace topicloop::cli
