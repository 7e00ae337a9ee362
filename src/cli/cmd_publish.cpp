// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/flag_checks.hpp"
#include "cli/publishing.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace topicloop::cli {

namespace {

void add_source(CLI::App& command, SourceOptions& source) {
  CLI::Option* value =
      command
          .add_option("value", source.value,
                      "The message; without it or with -, each line of standard input is one")
          ->option_text("[VALUE]");
  command
      .add_option("-f,--file", source.file, "The whole file is one message; - is standard input")
      ->option_text("FILE")
      ->excludes(value);
  command
      .add_option_function<std::string>(
          "--input", [&source](const std::string& name) { source.json = name == "json"; },
          "What each line is: text; or json, also of a file: as subscribe -o json or a capture "
          "has it")
      ->check(CLI::IsMember({"text", "json"}).description(""))
      ->option_text("FORMAT (text)");
  command.add_flag("--binary", source.binary, "Publish as bytes instead of text");
  command.add_option("-n,--repeat", source.repeat, "Publish the value or the file so many times")
      ->check(check_count)
      ->option_text("N (1)");
}

void add_sending(CLI::App& command, PublishOptions& options) {
  command.add_option("--rate", options.rate, "Publish so many messages a second (else: at once)")
      ->check(check_rate)
      ->option_text("R");
  command
      .add_option("--in-flight", options.in_flight,
                  "Messages on their way at a time, up to 1024; 1 keeps them in order")
      ->check(check_between(1, 1'024))
      ->option_text("N (1)");
  command
      .add_option("--retry", options.retry,
                  "Try a message again so often if the failure may pass; it may arrive twice")
      ->check(check_between(0, 1'000'000))
      ->option_text("N (0)");
  command.add_flag("--keep-going", options.keep_going,
                   "Go on after a message that failed; the exit code is the first one's");
}

void check(const PublishOptions& options) {
  const bool is_lines = options.source.json || options.source.file.empty();
  if (options.source.repeat > 1 && !options.source.value && is_lines) {
    throw CommandError({ErrorKind::Usage, "--repeat needs a VALUE or --file FILE", ""});
  }
  if (options.source.json && (options.source.value || options.source.binary)) {
    throw CommandError({ErrorKind::Usage,
                        "--input json is for the lines of standard input or --file, which say "
                        "themselves whether they are binary",
                        ""});
  }
}

}  // namespace

void add_publish(CLI::App& app, Action& action) {
  const auto options = std::make_shared<PublishOptions>();
  CLI::App* command = app.add_subcommand("publish", "Publish messages to a topic");
  command->add_option("topic", options->topic, "Topic to publish to")
      ->required()
      ->check(check_name)
      ->option_text("TOPIC");
  add_source(*command, options->source);
  add_sending(*command, *options);
  add_connection_flags(*command, options->connection);
  add_output_flags(*command, options->output);
  command->footer(
      "Examples:\n"
      "  topicloop publish \"topic 1\" \"hello\"\n"
      "  seq 1000 | topicloop publish \"topic 1\" --in-flight 64\n"
      "  topicloop publish \"topic 1\" --file picture.png --binary\n"
      "  topicloop publish \"topic 1\" tick --repeat 60 --rate 1\n"
      "  cat messages.jsonl | topicloop publish \"topic 1\" --input json\n"
      "  topicloop publish \"topic 1\" --input json --file events.jsonl.gz");
  command->callback([options, &action] {
    if (options->source.value == "-") options->source.value.reset();
    action = [options](Context& context) {
      check(*options);
      run_publish(*options, context);
    };
  });
}

}  // namespace topicloop::cli
