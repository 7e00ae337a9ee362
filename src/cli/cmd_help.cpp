// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/usage_error.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <memory>

namespace topicloop::cli {

namespace {

void run_help(const CLI::App& root, const std::vector<std::string>& words, Context& context) {
  const CLI::App* at = &root;
  for (const auto& word : words) {
    const CLI::App* next = find_command(*at, word);
    if (next == nullptr) throw CommandError(no_such_command(*at, word));
    at = next;
  }
  errno = 0;
  context.streams.out << help_page(*at) << std::flush;
  if (!context.streams.out) context.output_errno = errno;
}

}  // namespace

void add_help(CLI::App& app, Action& action) {
  const auto words = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand("help", "Show the help of a command");
  command->add_option("command", *words, "Command to explain (else all of them)")
      ->option_text("[COMMAND...]");
  command->footer(
      "Examples:\n"
      "  topicloop help\n"
      "  topicloop help subscribe\n"
      "  topicloop help webhook put");
  command->callback([words, &app, &action] {
    action = [words, &app](Context& context) { run_help(app, *words, context); };
  });
}

}  // namespace topicloop::cli
