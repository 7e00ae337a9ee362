// SPDX-License-Identifier: Apache-2.0
// The flag about what serve-topics keeps across restarts, and what it means to the broker.
#pragma once

#include "broker/broker.hpp"

#include <string>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct StateFlags {
  std::string directory;  // Empty: not given.
};

// --state; `flags` must outlive the parsing.
void add_state_flags(CLI::App& command, StateFlags& flags);

void apply(const StateFlags& flags, broker::BrokerOptions& options);

}  // namespace topicloop::cli
