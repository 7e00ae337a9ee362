// SPDX-License-Identifier: Apache-2.0
// The flag that asks for reports of a replay, and what the environment has to do with them.
#pragma once

#include "cli/context.hpp"
#include "replay/report.hpp"

#include <memory>
#include <vector>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct ReportFlags {
  std::vector<replay::ReportSpec> specs = {};
};

// --report; `flags` must outlive the parsing.
void add_report_flag(CLI::App& command, ReportFlags& flags);

// Those asked for, and GitHub's wherever GITHUB_ACTIONS is true. Throws CommandError: BadInput if
// one cannot be written, which is known here and not only at the end. `context` must outlive it.
std::unique_ptr<replay::Report> make_report(const ReportFlags& flags, const Context& context);

}  // namespace topicloop::cli
