// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/flag_checks.hpp"
#include "cli/replaying.hpp"
#include "replay/compare.hpp"
#include "replay/edits.hpp"
#include "replay/expectation.hpp"
#include "replay/select.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace topicloop::cli {

namespace {

// What a flag's check says of a value that is read by `parse`.
template <typename Parse>
auto checked_by(Parse parse) {
  return [parse](const std::string& text) -> std::string {
    const auto parsed = parse(text);
    if (parsed) return "";
    const Error& error = parsed.error();
    return error.help.empty() ? error.message : error.message + "; " + error.help;
  };
}

std::string check_speed(const std::string& text) {
  if (text == "max" || check_rate(text).empty()) return "";
  return fmt::format("\"{}\" is neither max nor a number from 0.001 to 1000000", text);
}

void add_targets(CLI::App& command, ReplayOptions& options) {
  CLI::Option* url = command
                         .add_option("--to", options.url,
                                     "Send requests to this URL; without a path, to their own")
                         ->check(check_url)
                         ->option_text("URL");
  CLI::Option* topic =
      command.add_option("--to-topic", options.topic, "Publish the messages to this topic")
          ->check(check_name)
          ->option_text("TOPIC")
          ->excludes(url);
  command.add_flag("--print", options.print, "Write the messages to standard output")
      ->excludes(url)
      ->excludes(topic);
  command.add_flag("--dry-run", options.dry_run, "Say what would be sent, and send nothing");
}

void add_choice(CLI::App& command, ReplayOptions& options) {
  command
      .add_option("--select", options.select,
                  "Only events for which this holds: topic == \"topic 1\" && sequence_number >= 3")
      ->check(checked_by(replay::Selection::parse))
      ->option_text("EXPR");
  command.add_option("--id", options.ids, "Only the request with this id; repeatable")
      ->allow_extra_args(false)
      ->option_text("ID");
  command.add_option("--repeat", options.repeat, "Replay everything so many times")
      ->check(check_count)
      ->option_text("N (1)");
  command.add_option("--shuffle", options.shuffle, "In an order by chance, the same for a seed")
      ->check(CLI::NonNegativeNumber.description(""))
      ->option_text("SEED");
}

void add_changes(CLI::App& command, ReplayOptions& options) {
  CLI::Option* keep = command.add_flag("--keep-signature", options.keep_signature,
                                       "Send the recorded signature (the default)");
  command
      .add_flag("--resign", options.resign, "Date and sign each request anew, also for its retries")
      ->excludes(keep);
  command
      .add_option("--secret-file", options.secret_file,
                  "Signing secret for --resign (else TOPICLOOP_WEBHOOK_SECRET)")
      ->option_text("FILE");
  command
      .add_option("--set", options.settings,
                  "Change this place in the JSON of bodies and payloads; repeatable")
      ->allow_extra_args(false)
      ->check(checked_by([](const std::string& text) { return replay::Edits::parse({text}); }))
      ->option_text("/POINTER=VALUE");
}

void add_sending(CLI::App& command, ReplayOptions& options) {
  CLI::Option* speed =
      command.add_option("--speed", options.speed, "So much faster than recorded: 1, 10, 0.5, max")
          ->check(check_speed)
          ->option_text("X (max)");
  command.add_option("--rate", options.rate, "So many events a second")
      ->check(check_rate)
      ->option_text("R")
      ->excludes(speed);
  command
      .add_option("--concurrency", options.concurrency,
                  "Events under way at a time; 1 keeps them in order")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'024}).description(""))
      ->option_text("N (1)");
  command.add_option("--retry", options.retry, "Try again so often if the failure may pass")
      ->check(CLI::Range(0, 1'000'000).description(""))
      ->option_text("N (0)");
  command
      .add_option("--retry-max-time", options.retry_max_time,
                  "No attempt begins later than this after an event's first")
      ->check(check_duration)
      ->option_text("DURATION");
  command
      .add_option("--timeout", options.timeout,
                  "How long to wait for an answer, or the next expected message")
      ->check(check_interval)
      ->option_text("DURATION (5s)");
}

void add_expectations(CLI::App& command, ReplayOptions& options) {
  command
      .add_option("--expect", options.expect,
                  "Status of every answer: 204, 4xx or several like 200,404")
      ->check(checked_by(replay::StatusExpectation::parse))
      ->option_text("STATUS (2xx)");
  command.add_flag("--compare", options.compare,
                   "Status and body are to be as recorded; JSON by meaning");
  command
      .add_option("--ignore", options.ignored,
                  "Do not compare this place of the JSON; * is any member; repeatable")
      ->allow_extra_args(false)
      ->check(replay::check_place)
      ->option_text("/POINTER");
  command.add_option("--max-ms", options.max_ms, "Every answer within so many milliseconds")
      ->check(CLI::Range(1, 86'400'000).description(""))
      ->option_text("N");
  CLI::Option* topic = command
                           .add_option("--expect-topic", options.expect_topic,
                                       "The messages of --expect-file are to come out on this "
                                       "topic")
                           ->check(check_name)
                           ->option_text("TOPIC");
  CLI::Option* file =
      command
          .add_option("--expect-file", options.expect_file,
                      "Expected messages, as subscribe -o json and --capture write them")
          ->option_text("FILE")
          ->needs(topic);
  topic->needs(file);
  command.add_flag("--unordered", options.unordered, "The expected messages in any order")
      ->needs(topic);
  command.add_flag("--update", options.update,
                   "Rewrite what is expected: --expect-file, or the answers in the captures");
  command.add_flag("--fail-fast", options.fail_fast, "Skip the rest after the first failure");
  command.add_flag("--allow-empty", options.allow_empty,
                   "It is no failure if there was nothing to replay");
  add_report_flag(command, options.reports);
}

void check_expectations(const ReplayOptions& options) {
  const bool is_rehearsal = options.print || options.dry_run;
  const bool has_file = !options.expect_topic.empty();
  if (is_rehearsal && (has_file || options.update || !options.reports.specs.empty())) {
    throw CommandError({ErrorKind::Usage,
                        "--expect-topic, --update and --report are about what comes of events: "
                        "--print and --dry-run send none",
                        ""});
  }
  if (!options.ignored.empty() && !options.compare && !has_file) {
    throw CommandError({ErrorKind::Usage, "--ignore is for --compare or --expect-topic", ""});
  }
  if (!options.update || has_file) return;
  const bool reads_input = std::count(options.files.begin(), options.files.end(), "-") > 0;
  if (options.url.empty() || options.repeat > 1 || reads_input) {
    throw CommandError({ErrorKind::Usage,
                        "--update rewrites the answers of requests in files: with --to, without "
                        "--repeat and -",
                        ""});
  }
}

void check(const ReplayOptions& options) {
  if (options.url.empty() && options.topic.empty() && !options.print) {
    throw CommandError(
        {ErrorKind::Usage, "nowhere to replay to", "give --to URL, --to-topic TOPIC or --print"});
  }
  const bool has_answers = !options.url.empty();
  const bool is_about_answers =
      options.compare || options.max_ms > 0 || !options.expect.empty() || options.resign;
  if (!has_answers && is_about_answers) {
    throw CommandError({ErrorKind::Usage,
                        "--expect, --compare, --max-ms and --resign are about requests: give "
                        "--to URL",
                        ""});
  }
  if (has_answers && !options.settings.empty() && !options.resign && !options.keep_signature) {
    throw CommandError({ErrorKind::Usage, "--set changes what is signed",
                        "--resign signs it anew; --keep-signature sends what does not verify"});
  }
  if (!options.secret_file.empty() && !options.resign) {
    throw CommandError({ErrorKind::Usage, "--secret-file is for --resign: give both", ""});
  }
  check_expectations(options);
  const auto inputs = std::count(options.files.begin(), options.files.end(), "-");
  if (inputs > 1) {
    throw CommandError({ErrorKind::Usage, "standard input can be read once only", ""});
  }
}

}  // namespace

void add_replay(CLI::App& app, Action& action) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = app.add_subcommand("replay", "Send captured events again, and check answers");
  command->add_option("file", options->files, "Captures, compressed or not; - is stdin")
      ->required()
      ->option_text("FILE...");
  add_targets(*command, *options);
  add_choice(*command, *options);
  add_changes(*command, *options);
  add_sending(*command, *options);
  add_expectations(*command, *options);
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  command->footer(
      "Requests go to a URL byte for byte as captured, or with --resign dated and signed anew.\n"
      "Ends with 1 if an answer is not as expected (2xx, unless told otherwise) or nothing was\n"
      "selected.\n"
      "\n"
      "Examples:\n"
      "  topicloop replay events.jsonl --to http://127.0.0.1:9000/ --resign --secret-file "
      "secret.txt\n"
      "  topicloop replay events.jsonl --to http://127.0.0.1:9000 --resign --secret-file "
      "secret.txt --compare --report junit:report.xml\n"
      "  topicloop replay monday.jsonl tuesday.jsonl.gz --to-topic \"topic 1\" --speed 10\n"
      "  topicloop replay events.jsonl --print --select 'topic == \"topic 1\" && size < 1000'");
  command->callback([options, &action] {
    action = [options](Context& context) {
      check(*options);
      run_replay(*options, context);
    };
  });
}

}  // namespace topicloop::cli
