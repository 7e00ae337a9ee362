// SPDX-License-Identifier: Apache-2.0
#include "cli/report_flags.hpp"

#include "cli/service_choice.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace topicloop::cli {

namespace {

using Specs = std::vector<std::string>;
using Kind = replay::ReportSpec::Kind;

std::string check_report(const std::string& text) {
  const auto spec = replay::parse_report_spec(text);
  return spec ? "" : spec.error().message;
}

bool asks_for_github(const ReportFlags& flags) {
  return std::any_of(flags.specs.begin(), flags.specs.end(),
                     [](const auto& spec) { return spec.kind == Kind::Github; });
}

}  // namespace

void add_report_flag(CLI::App& command, ReportFlags& flags) {
  command
      .add_option_function<Specs>(
          "--report",
          [&flags](const Specs& specs) {
            for (const auto& spec : specs)
              flags.specs.push_back(*replay::parse_report_spec(spec));
          },
          "Report to write: junit:FILE, tap, tap:FILE, json:FILE or github; repeatable")
      ->check(check_report)
      ->allow_extra_args(false)
      ->option_text("SPEC");
}

std::unique_ptr<replay::Report> make_report(const ReportFlags& flags, const Context& context) {
  auto specs = flags.specs;
  replay::ReportOutlets outlets{.out = context.streams.out,
                                .err = context.streams.err,
                                .github_summary = from_environment("GITHUB_STEP_SUMMARY"),
                                .github_workspace = from_environment("GITHUB_WORKSPACE")};
  if (!asks_for_github(flags) && from_environment("GITHUB_ACTIONS") == "true") {
    specs.push_back({Kind::Github});
    // Nobody asked for it: in a container, say, the file may not be there, and that is no failure.
    if (::access(outlets.github_summary.c_str(), W_OK) != 0) outlets.github_summary.clear();
  }
  return value_or_throw(replay::make_reports(specs, outlets));
}

}  // namespace topicloop::cli
