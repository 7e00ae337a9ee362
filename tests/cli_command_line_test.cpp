// SPDX-License-Identifier: Apache-2.0
// What holds for every command's flags, seen on the command line itself.
#include "cli/commands.hpp"
#include "support/command.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// Of all flags that can be given more than once; how many there are.
int check_words(const CLI::App& command) {
  int repeatable = 0;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional() || option->get_items_expected_max() <= 1) continue;
    INFO(command.get_name() << " " << option->get_name());
    CHECK_FALSE(option->get_allow_extra_args());
    ++repeatable;
  }
  for (const CLI::App* next : command.get_subcommands([](const CLI::App*) { return true; }))
    repeatable += check_words(*next);
  return repeatable;
}

}  // namespace

TEST_CASE("no flag takes more than one word each time it is given") {
  CLI::App app;
  cli::Action action;
  cli::describe_command_line(app, action);
  CHECK(check_words(app) > 10);
}

TEST_CASE("an argument behind a repeatable flag is the command's") {
  const Outcome surplus =
      run_command({"serve-webhook", "--no-verify", "--secret-file", "/dev/null", "surplus"});
  CHECK(surplus.exit_code == 2);
  CHECK(contains(surplus.err, "`topicloop serve-webhook` does not take the argument \"surplus\""));
  const Outcome topics = run_command({"subscribe", "--show", "gaps", "--show", "heartbeats", "t",
                                      "--connect-timeout", "0s", "--local", k_nowhere});
  CHECK(topics.exit_code == 4);  // Its topic was found, or this were 2.
}
