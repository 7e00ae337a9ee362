// SPDX-License-Identifier: Apache-2.0
// Reports of a replay, for what runs it: JUnit, TAP, JSON, GitHub Actions.
//
// A case is written, or spooled, when it is added: memory does not grow with their number. A report
// in a file is there as a whole once finish() has returned, and not at all before; that it can be
// written is known when it is made. For one thread at a time.
#pragma once

#include "base/error.hpp"
#include "replay/result.hpp"

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::replay {

struct ReportSpec {
  enum class Kind { Junit, Tap, Json, Github };

  Kind kind = Kind::Junit;
  std::string file = {};  // Empty: TAP to standard output; GitHub's needs none.
};

// "junit:FILE", "tap", "tap:FILE", "json:FILE" or "github"; else Usage.
Result<ReportSpec> parse_report_spec(std::string_view text);

// Whether one of them has standard output for itself.
bool writes_to_stdout(const std::vector<ReportSpec>& specs);

// Where reports go that are not in a file of their own. The streams must outlive the reports.
struct ReportOutlets {
  std::ostream& out;
  std::ostream& err;                  // GitHub's commands; stdout is for data.
  std::string github_summary = {};    // What GITHUB_STEP_SUMMARY names; empty: no summary.
  std::string github_workspace = {};  // Files of annotations are named from there.
};

class Report {
public:
  virtual ~Report() = default;
  virtual void add(const CaseResult& result) = 0;
  // Call once, after the last case. BadInput if something could not be written, now or before.
  virtual Result<void> finish(const Totals& totals) = 0;
};

// All of them in one. BadInput if one cannot be written, Usage if two have the same place.
Result<std::unique_ptr<Report>> make_reports(const std::vector<ReportSpec>& specs,
                                             const ReportOutlets& outlets);

}  // namespace topicloop::replay
