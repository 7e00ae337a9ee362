// SPDX-License-Identifier: Apache-2.0
#include "replay/excerpt.hpp"
#include "replay/report_formats.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace topicloop::replay {

namespace {

using Json = nlohmann::ordered_json;

std::string written(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json to_json(const CaseResult& result) {
  Json json{{"name", result.name}, {"outcome", name_of(result.outcome)}, {"file", result.file}};
  if (result.line != 0) json["line"] = result.line;
  if (!result.reason.empty()) json["reason"] = result.reason;
  if (!result.detail.empty()) json["detail"] = result.detail;
  if (result.status != 0) json["status"] = result.status;
  json["latency_us"] = result.latency.count();
  json["attempts"] = result.attempts;
  return json;
}

// One case a line, in one document.
class JsonReport : public Report {
public:
  explicit JsonReport(ReportFile file) : file_(std::move(file)) {
    file_.write(R"({"v":1,"type":"report","cases":[)");
  }

  void add(const CaseResult& result) override {
    file_.write(is_first_ ? "\n" : ",\n");
    file_.write(written(to_json(result)));
    is_first_ = false;
  }

  Result<void> finish(const Totals& totals) override {
    const Json json{{"started", to_rfc3339(totals.started)},
                    {"elapsed_us", totals.elapsed.count()},
                    {"cases", totals.all()},
                    {"passed", totals.passed},
                    {"failed", totals.failed},
                    {"errors", totals.errors},
                    {"skipped", totals.skipped}};
    file_.write(fmt::format("\n],\n\"totals\":{}}}\n", written(json)));
    return file_.commit();
  }

private:
  ReportFile file_;
  bool is_first_ = true;
};

}  // namespace

std::unique_ptr<Report> make_json_report(ReportFile file) {
  return std::make_unique<JsonReport>(std::move(file));
}

}  // namespace topicloop::replay
