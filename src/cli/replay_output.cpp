// SPDX-License-Identifier: Apache-2.0
#include "cli/replay_output.hpp"

#include "cli/duration.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace topicloop::cli {

using Json = nlohmann::ordered_json;
using replay::CaseResult;

namespace {

Json record_of(const CaseResult& result, const ReplayEnd& end, const std::string& where) {
  Json record{{"type", "response"},
              {"at", to_rfc3339(end.ended_at)},
              {"id", end.id},
              {"name", result.name},
              {"file", result.file},
              {"line", result.line},
              {"to", where},
              {"outcome", name_of(result.outcome)},
              {"status", result.status},
              {"latency_us", result.latency.count()},
              {"attempts", result.attempts}};
  if (!result.reason.empty()) record["reason"] = result.reason;
  if (!result.detail.empty()) record["detail"] = result.detail;
  return record;
}

std::string remark_of(const CaseResult& result) {
  std::string remark = result.reason.empty() ? "" : ": " + printable(result.reason);
  remark += fmt::format(" ({}", format_duration(result.latency));
  if (result.attempts > 1) remark += fmt::format(", {} attempts", result.attempts);
  return remark + ")";
}

}  // namespace

void ReplayOutput::show(const CaseResult& result, const ReplayEnd& end, const std::string& where) {
  if (is_quiet_) return;
  if (renderer_.format() == OutputFormat::Json) {
    renderer_.result("", record_of(result, end, where));
    return;
  }
  if (renderer_.format() == OutputFormat::Raw) {
    renderer_.bytes(end.answer.body);
    return;
  }
  const std::string status = result.outcome == CaseResult::Outcome::Error ? "failed"
                             : result.status == 0                         ? "published"
                                                  : std::to_string(result.status);
  // An answer finds its request by the id.
  const std::string id = end.id.empty() ? "" : fmt::format(" [{}]", printable(end.id));
  renderer_.step(fmt::format("{} --> {}", to_time_of_day(end.sent_at), printable(result.name)));
  const std::string method = end.method.empty() ? "" : printable(end.method) + " ";
  renderer_.step(fmt::format("{} <-- [{}] {}{}{}{}", to_time_of_day(end.ended_at), status, method,
                             printable(where), remark_of(result), id));
}

void ReplayOutput::show_failure(const CaseResult& result) {
  renderer_.failure(
      fmt::format("{}:{}: {}: {}", result.file, result.line, result.name, result.reason),
      result.detail);
}

void ReplayOutput::summary(const replay::Totals& totals) {
  const std::string text = fmt::format(
      "replayed: {} passed, {} failed, {} not answered, {} skipped in {}", totals.passed,
      totals.failed, totals.errors, totals.skipped, format_duration(totals.elapsed));
  renderer_.summary(text, {{"passed", totals.passed},
                           {"failed", totals.failed},
                           {"errors", totals.errors},
                           {"skipped", totals.skipped},
                           {"elapsed_us", totals.elapsed.count()}});
}

void ReplayOutput::plan(const replay::Totals& totals) {
  renderer_.summary(fmt::format("{} would be sent, {} skipped", totals.passed, totals.skipped),
                    {{"planned", totals.passed}, {"skipped", totals.skipped}});
}

}  // namespace topicloop::cli
