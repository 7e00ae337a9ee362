// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/connection_flags.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"
#include "cli/output_flags.hpp"
#include "cli/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <memory>
#include <variant>

namespace topicloop::cli {

namespace {

using Deadline = topic::Subscription::Deadline;

struct SubscribeOptions {
  ConnectionFlags connection{.local = "", .cache = "", .connect_timeout = "10s"};
  OutputFlags output;
  std::string topic;
  std::uint64_t count = 0;  // 0: no end.
  std::string timeout;
  std::string from;
};

model::ResumePoint parse_from(const std::string& text) {
  model::ResumePoint resume;
  if (text.empty()) return resume;
  if (text == "beginning") return {.sequence_number = 1, .sequence_page = 0};
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + text.size(), resume.sequence_number);
  if (failure != std::errc() || end != text.data() + text.size() || resume.sequence_number == 0) {
    throw CommandError(
        {ErrorKind::Usage,
         fmt::format("--from {}: expected a sequence number from 1 or \"beginning\"", text), ""});
  }
  return resume;
}

// Shows events until `count` messages were seen, the stream ends or the deadline passes.
void follow(topic::Subscription& subscription, const SubscribeOptions& options,
            const std::string& cache, Deadline deadline, Context& context, Renderer& renderer) {
  std::uint64_t seen = 0;
  while (true) {
    auto next = subscription.next(context.stop(), deadline);
    if (context.stop().stop_requested()) return;
    const auto event = value_or_throw(std::move(next));
    if (!event) {
      throw CommandError(
          {ErrorKind::Timeout,
           fmt::format("--timeout {} ran out after {} messages", options.timeout, seen), ""});
    }
    if (const auto* gap = std::get_if<model::Discontinuity>(&*event)) {
      renderer.gap(*gap, cache, options.topic);
    } else if (const auto* message = std::get_if<model::Message>(&*event)) {
      renderer.message(*message);
      // Gaps and heartbeats do not use up --count.
      if (++seen == options.count) return;
    }
  }
}

void run_subscribe(const SubscribeOptions& options, Context& context) {
  const model::ResumePoint resume = parse_from(options.from);
  const Deadline deadline =
      options.timeout.empty()
          ? Deadline::max()
          : Deadline::clock::now() + value_or_throw(parse_duration(options.timeout));
  Renderer renderer(context, options.output);
  const std::string cache = cache_name(options.connection);
  ConnectionFlags connection = options.connection;
  if (!options.timeout.empty() && value_or_throw(parse_duration(options.timeout)) <
                                      value_or_throw(parse_duration(connection.connect_timeout))) {
    connection.connect_timeout = options.timeout;
  }
  const auto client = connect(connection, context);
  auto subscription =
      value_or_throw(client.subscribe(cache, options.topic, resume, context.stop()));
  renderer.ready("subscribed to", fmt::format("\"{}\"", options.topic));
  follow(subscription, options, cache, deadline, context, renderer);
}

}  // namespace

void add_subscribe(CLI::App& app, Action& action) {
  const auto options = std::make_shared<SubscribeOptions>();
  CLI::App* command = app.add_subcommand("subscribe", "Follow a topic");
  command->add_option("topic", options->topic, "Topic to follow")->required()->option_text("TOPIC");
  command->add_option("-n,--count", options->count, "End after this many messages")
      ->check(check_count)
      ->option_text("N");
  command->add_option("--timeout", options->timeout, "End with 124 after this long")
      ->check(check_duration)
      ->option_text("DURATION");
  command
      ->add_option("--from", options->from,
                   "Begin with this sequence number, or with what the service still has")
      ->option_text("SEQ|beginning");
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  add_ready_file_flag(*command, options->output);
  command->footer(
      "Examples:\n"
      "  topicloop subscribe \"topic 2\"\n"
      "  topicloop subscribe \"topic 2\" --count 1 --timeout 10s -o json");
  command->callback([options, &action] {
    action = [options](Context& context) { run_subscribe(*options, context); };
  });
}

}  // namespace topicloop::cli
