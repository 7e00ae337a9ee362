// SPDX-License-Identifier: Apache-2.0
// A command of this program as a process of its own, for as long as it is needed.
//
// It is ready when there is one of these. What it shows as data goes nowhere. It ends with us,
// however we end.
#pragma once

#include "cli/context.hpp"
#include "sink/child_process.hpp"

#include <string>
#include <utility>
#include <vector>

namespace topicloop::cli {

struct OwnCall {
  std::vector<std::string> arguments;
  std::string
      ready;  // What its banner begins with, before where it is ready: "serving topics on ".
  std::vector<std::pair<std::string, std::string>> variables = {};
  std::vector<std::string> hidden_variables = {};
};

class OwnProcess {
public:
  // Throws CommandError with the error it ended with, if it did before it was ready.
  OwnProcess(const OwnCall& call, const Context& context);
  OwnProcess(const OwnProcess&) = delete;
  OwnProcess& operator=(const OwnProcess&) = delete;
  ~OwnProcess();  // Ends it in an orderly way, if it takes no longer than a few seconds.

  // As its banner says: an address or a URL. Empty if a stop was requested before it was ready.
  const std::string& where() const { return where_; }
  int id() const { return process_.id(); }

private:
  sink::ChildProcess process_;
  std::string where_;
};

}  // namespace topicloop::cli
