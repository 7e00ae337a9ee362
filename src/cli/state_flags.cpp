// SPDX-License-Identifier: Apache-2.0
#include "cli/state_flags.hpp"

#include <CLI/CLI.hpp>

namespace topicloop::cli {

namespace {

// An empty name, as from a variable that is not set, would quietly mean that nothing is kept.
std::string check_not_empty(const std::string& text) {
  return text.empty() ? "expected the name of a directory" : "";
}

}  // namespace

void add_state_flags(CLI::App& command, StateFlags& flags) {
  command
      .add_option("--state", flags.directory, "Keep caches, webhooks and secrets here, no messages")
      ->check(check_not_empty)
      ->option_text("DIR");
}

void apply(const StateFlags& flags, broker::BrokerOptions& options) {
  options.state_directory = flags.directory;
}

}  // namespace topicloop::cli
