// SPDX-License-Identifier: Apache-2.0
#include "replay/report.hpp"

#include "replay/report_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace topicloop::replay {

namespace {

using Kind = ReportSpec::Kind;

// Several reports as one.
class ReportSet : public Report {
public:
  void include(std::unique_ptr<Report> report) { reports_.push_back(std::move(report)); }

  void add(const CaseResult& result) override {
    for (const auto& report : reports_)
      report->add(result);
  }

  Result<void> finish(const Totals& totals) override {
    Result<void> first;
    for (const auto& report : reports_) {
      auto finished = report->finish(totals);
      if (!finished && first) first = std::move(finished);
    }
    return first;
  }

private:
  std::vector<std::unique_ptr<Report>> reports_;
};

Result<std::unique_ptr<Report>> make_report(const ReportSpec& spec, const ReportOutlets& outlets) {
  if (spec.kind == Kind::Github) return make_github_report(outlets);
  if (spec.file.empty()) return make_tap_report(outlets.out);
  auto file = ReportFile::open(spec.file);
  if (!file) return std::move(file).error();
  switch (spec.kind) {
    case Kind::Tap:
      return make_tap_report(*std::move(file));
    case Kind::Json:
      return make_json_report(*std::move(file));
    default:
      return make_junit_report(*std::move(file));
  }
}

Error named_twice(const ReportSpec& spec) {
  const std::string what = spec.kind == Kind::Github ? "a report for GitHub"
                           : spec.file.empty()       ? "a report on standard output"
                                                     : spec.file;
  return {ErrorKind::Usage, fmt::format("{} is asked for twice", what), ""};
}

}  // namespace

Result<ReportSpec> parse_report_spec(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view kind = text.substr(0, colon);
  std::string file(text.substr(std::min(colon + 1, text.size())));
  const bool has_file = !file.empty();
  const bool has_colon = colon < text.size();
  if (kind == "junit" && has_file) return ReportSpec{Kind::Junit, std::move(file)};
  if (kind == "json" && has_file) return ReportSpec{Kind::Json, std::move(file)};
  if (kind == "tap" && has_file == has_colon) return ReportSpec{Kind::Tap, std::move(file)};
  if (text == "github") return ReportSpec{Kind::Github};
  const bool needs_file = (kind == "junit" || kind == "json" || kind == "tap") && !has_file;
  return Error{ErrorKind::Usage,
               fmt::format("\"{}\" is not a report: expected {}", text,
                           needs_file ? fmt::format("{}:FILE", kind)
                                      : "junit:FILE, tap, tap:FILE, json:FILE or github"),
               ""};
}

bool writes_to_stdout(const std::vector<ReportSpec>& specs) {
  return std::any_of(specs.begin(), specs.end(), [](const ReportSpec& spec) {
    return spec.kind == Kind::Tap && spec.file.empty();
  });
}

Result<std::unique_ptr<Report>> make_reports(const std::vector<ReportSpec>& specs,
                                             const ReportOutlets& outlets) {
  auto all = std::make_unique<ReportSet>();
  std::set<std::pair<bool, std::string>> places;
  for (const auto& spec : specs) {
    if (!places.emplace(spec.kind == Kind::Github, spec.file).second) return named_twice(spec);
    auto report = make_report(spec, outlets);
    if (!report) return std::move(report).error();
    all->include(*std::move(report));
  }
  return std::unique_ptr<Report>(std::move(all));
}

std::string position_of(const CaseResult& result) {
  return result.line == 0 ? result.file : fmt::format("{}:{}", result.file, result.line);
}

bool is_bad(const CaseResult& result) {
  return result.outcome == CaseResult::Outcome::Failed ||
         result.outcome == CaseResult::Outcome::Error;
}

}  // namespace topicloop::replay
