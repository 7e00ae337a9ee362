// SPDX-License-Identifier: Apache-2.0
#include "cli/flag_checks.hpp"
#include "cli/sinks.hpp"
#include "sink/command_words.hpp"

#include <CLI/CLI.hpp>

namespace topicloop::cli {

namespace {

template <typename T>
std::string reason_of(const Result<T>& result) {
  if (result) return "";
  const Error& error = result.error();
  return error.help.empty() ? error.message : error.message + "; " + error.help;
}

std::string check_command(const std::string& text) {
  return reason_of(sink::split_words(text));
}

void add_program_flags(CLI::App& command, SinkOptions& options) {
  CLI::Option* exec = command
                          .add_option("--exec", options.exec,
                                      "Run this for each event: payload in, what it writes goes on")
                          ->check(check_command)
                          ->option_text("CMD");
  command
      .add_option("--exec-timeout", options.exec_timeout, "Kill it and fail the event after this")
      ->check(check_interval)
      ->needs(exec)
      ->option_text("DURATION (5s)");
  command.add_option("--exec-concurrency", options.exec_concurrency, "How many may run at once")
      ->check(check_between(1, 256))
      ->needs(exec)
      ->option_text("N (8)");
  command.add_flag("--binary", options.binary, "What --exec writes is bytes, not text")
      ->needs(exec)
      ->option_text(" ");
  CLI::Option* pipe = command
                          .add_option("--pipe", options.pipe,
                                      "Start this once: an event's JSON in, a line of JSON back")
                          ->check(check_command)
                          ->option_text("CMD");
  command
      .add_option("--pipe-timeout", options.pipe_timeout,
                  "Restart it and fail the event without an answer after this")
      ->check(check_interval)
      ->needs(pipe)
      ->option_text("DURATION (5s)");
}

}  // namespace

void add_sink_flags(CLI::App& command, SinkOptions& options) {
  add_transform_flag(command, options.transform);
  add_program_flags(command, options);
  command
      .add_option("--sqlite", options.sqlite,
                  "Keep each event as a row of the table events in this database")
      ->option_text("FILE");
  command
      .add_option("--forward-to", options.forward_to,
                  "POST the request on to this URL, body and signature unchanged; repeatable")
      ->check(check_url)
      ->option_text("URL");
  command
      .add_option("--publish-to", options.publish_to,
                  "Publish the result to this topic, e.g. {topic}/done; repeatable")
      ->check(check_name)
      ->option_text("TOPIC");
}

}  // namespace topicloop::cli
