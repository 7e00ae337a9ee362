// SPDX-License-Identifier: Apache-2.0
#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"
#include "cli/help.hpp"
#include "cli/known_names.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <set>

namespace topicloop::cli {

namespace {

void show(const std::string& text, Context& context) {
  errno = 0;
  context.streams.out << text << std::flush;
  if (!context.streams.out) context.output_errno = errno;
}

std::string script(const CLI::App& root, const std::string& shell) {
  const CommandInfo tree = describe_commands(root);
  if (shell == "bash") return bash_completion(tree);
  return shell == "zsh" ? zsh_completion(tree) : fish_completion(tree);
}

struct CompleteOptions {
  std::string kind;
  std::string patience = "700ms";
  Names words;  // The command line so far, without the program.
};

// The commands that can follow `words`, of which the first is `help`.
Names known_commands(const CLI::App& root, const Names& words) {
  const CLI::App* at = &root;
  for (std::size_t i = 1; i < words.size() && at != nullptr; ++i)
    at = find_command(*at, words[i]);
  return at == nullptr ? Names{} : command_names(*at);
}

Names names(const CLI::App& root, const CompleteOptions& options, Context& context) {
  const auto patience = value_or_throw(parse_duration(options.patience));
  const auto stop = context.stop();
  if (options.kind == "caches") return known_caches(options.words, patience, stop);
  if (options.kind == "topics") return known_topics(options.words, patience, stop);
  if (options.kind == "webhooks") return known_webhooks(options.words, patience, stop);
  if (options.kind == "profiles") return known_profiles();
  return known_commands(root, options.words);
}

bool fits_on_a_line(const std::string& name) {
  return std::none_of(name.begin(), name.end(),
                      [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; });
}

// Nobody reads errors while completing.
void run_complete(const CLI::App& root, const CompleteOptions& options, Context& context) {
  std::set<std::string> sorted;
  try {
    for (auto& name : names(root, options, context))
      if (fits_on_a_line(name)) sorted.insert(std::move(name));
  } catch (const CommandError&) {
    return;
  }
  std::string text;
  for (const auto& name : sorted)
    text += name + "\n";
  show(text, context);
}

}  // namespace

void add_completion(CLI::App& app, Action& action) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Print a completion script for a shell");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""))
      ->option_text("SHELL");
  command->footer(
      "`./dev install` puts the scripts where the shells look for them; then there is nothing to "
      "do.\n"
      "Topics come from the service's webhooks, and from a local service's HTTP port: that of\n"
      "TOPICLOOP_HTTP, HOST:PORT, else 127.0.0.1:9090 for the service at 127.0.0.1:8080.\n"
      "\n"
      "Examples:\n"
      "  topicloop completion bash > ~/.local/share/bash-completion/completions/topicloop\n"
      "  topicloop completion zsh > ~/.zfunc/_topicloop    # with ~/.zfunc in fpath\n"
      "  topicloop completion fish > ~/.config/fish/completions/topicloop.fish");
  command->callback([shell, &app, &action] {
    action = [shell, &app](Context& context) { show(script(app, *shell), context); };
  });
}

void add_complete(CLI::App& app, Action& action) {
  const auto options = std::make_shared<CompleteOptions>();
  CLI::App* command = app.add_subcommand("__complete", "Print names that are known, one a line");
  command->group("");
  command->add_option("kind", options->kind)
      ->required()
      ->check(CLI::IsMember({"caches", "topics", "webhooks", "profiles", "commands"}));
  command->add_option("words", options->words);
  // For tests, whose machine may be busy.
  command->add_option("--patience", options->patience)->check(check_duration);
  command->callback([options, &app, &action] {
    action = [options, &app](Context& context) { run_complete(app, *options, context); };
  });
}

}  // namespace topicloop::cli
