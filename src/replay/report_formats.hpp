// SPDX-License-Identifier: Apache-2.0
// Each kind of report, behind make_reports().
//
// JUnit: one <testsuite>, with the attributes that Surefire's and Jenkins' schemas know and no
// others. TAP: version 13, whose diagnostics are YAML. JSON: one document. GitHub: an annotation
// for each of the first failures, and a summary in Markdown.
#pragma once

#include "replay/report.hpp"
#include "replay/report_file.hpp"

#include <memory>
#include <ostream>

namespace topicloop::replay {

std::unique_ptr<Report> make_junit_report(ReportFile file);
std::unique_ptr<Report> make_tap_report(ReportFile file);
// Each case can be seen at once.
std::unique_ptr<Report> make_tap_report(std::ostream& out);
std::unique_ptr<Report> make_json_report(ReportFile file);
Result<std::unique_ptr<Report>> make_github_report(const ReportOutlets& outlets);

// "events.jsonl:42", or the file alone where there is no line.
std::string position_of(const CaseResult& result);

// Whether it is a failure or an error.
bool is_bad(const CaseResult& result);

}  // namespace topicloop::replay
