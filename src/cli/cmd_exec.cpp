// SPDX-License-Identifier: Apache-2.0
#include "base/address.hpp"
#include "cli/commands.hpp"
#include "cli/executing.hpp"
#include "cli/flag_checks.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace topicloop::cli {

namespace {

using Texts = std::vector<std::string>;

// The program is told a host and a port.
std::string check_port_address(const std::string& text) {
  const auto address = parse_address(text);
  if (address && !address->is_unix()) return "";
  return fmt::format("\"{}\" is not HOST:PORT", text);
}

std::string check_http(const std::string& text) {
  if (text == "none" || check_port_address(text).empty()) return "";
  return fmt::format("\"{}\" is not an address for HTTP: expected HOST:PORT or none", text);
}

std::string check_webhook(const std::string& text) {
  const auto webhook = parse_exec_webhook(text);
  return webhook ? "" : webhook.error().message;
}

void add_flags(CLI::App& command, ExecOptions& options) {
  command
      .add_option_function<Texts>(
          "--webhook",
          [&options](const Texts& texts) {
            for (const auto& text : texts)
              options.webhooks.push_back(*parse_exec_webhook(text));
          },
          "Webhook to create on the first cache; repeatable")
      ->check(check_webhook)
      ->allow_extra_args(false)
      ->option_text("TOPIC=URL");
  command.add_option("--cache", options.caches, "Cache to make; repeatable")
      ->check(check_name)
      ->allow_extra_args(false)
      ->option_text("NAME (default-cache)");
  command.add_option("--listen", options.listen, "Address for gRPC")
      ->check(check_port_address)
      ->option_text("HOST:PORT (a free port)");
  command.add_option("--http", options.http, "Address for HTTP; or none")
      ->check(check_http)
      ->option_text("HOST:PORT (a free port)");
  command.add_option("--retain", options.retain, "Messages kept per topic, for resume")
      ->check(check_count)
      ->option_text("N (1000)");
  command.add_flag("--require-auth", options.require_auth,
                   "Serve only callers with a key, such as the one in MOMENTO_API_KEY");
  add_fault_flags(command, options.on_purpose);
  command.add_flag("-v,--verbose", options.verbose,
                   "Show the service and each delivery; else only those that fail");
}

}  // namespace

void add_exec(CLI::App& app, Action& action) {
  const auto options = std::make_shared<ExecOptions>();
  CLI::App* command = app.add_subcommand(
      "exec", "Run a program with a topic service of its own, webhooks included");
  // Its words never get here: see program_words.hpp.
  command
      ->add_option_function<std::string>(
          "program", [](const std::string&) {}, "The program to run, with its arguments")
      ->required()
      ->option_text("PROGRAM...");
  add_flags(*command, *options);
  command->footer(
      "Starts an embedded service on free ports, runs the program, and ends with its exit code: "
      "128+N\n"
      "if signal N ended it, 127 if it is not found, 126 if it cannot be run. Standard input and\n"
      "output are the program's alone. Signals are passed on to it.\n"
      "\n"
      "It finds in its environment\n"
      "  TOPICLOOP_LOCAL       HOST:PORT of the service, which topicloop itself uses\n"
      "  TOPICLOOP_HTTP        HOST:PORT of its HTTP API, health, metrics and state\n"
      "  MOMENTO_API_KEY, MOMENTO_ENDPOINT, MOMENTO_CACHE_NAME    for SDKs\n"
      "  TOPICLOOP_WEBHOOK_SECRET   of --webhook, if there is one; with several, and also of one,\n"
      "                        TOPICLOOP_WEBHOOK_SECRET_TOPIC_1 for \"topic 1\"\n"
      "  TOPICLOOP             the path of this program; PATH has it, too\n"
      "\n" +
      fault_flags_help() +
      "\n"
      "Examples:\n"
      "  topicloop exec -- npm test\n"
      "  topicloop exec --webhook \"topic 1=http://localhost:3000/\" -- npm test\n"
      "  topicloop exec --listen 127.0.0.1:8080 -- node app.js\n"
      "  topicloop exec -- sh -c 'topicloop publish news hello; topicloop subscribe news --from 1 "
      "-n 1'\n"
      "  topicloop exec --fault topic-publish:error=unavailable,count=2 -- npm test");
  command->callback([options, &action] {
    action = [options](Context& context) { run_exec(*options, context); };
  });
}

}  // namespace topicloop::cli
