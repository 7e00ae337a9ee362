// SPDX-License-Identifier: Apache-2.0
// The flags that make the embedded service fail on purpose, and refuse what is too much.
#pragma once

#include "broker/fault_rule.hpp"
#include "broker/limits.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct FaultFlags {
  std::vector<broker::Fault> faults;
  broker::Limits limits;
};

// --fault and --limits; `flags` must outlive the parsing.
void add_fault_flags(CLI::App& command, FaultFlags& flags);

// What their values are, for the end of the command's help.
std::string fault_flags_help();

}  // namespace topicloop::cli
