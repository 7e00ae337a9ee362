// SPDX-License-Identifier: Apache-2.0
#include "cli/tally_report.hpp"

#include "base/stop.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace topicloop::cli {

namespace {

using Json = nlohmann::ordered_json;

double rounded(double rate) {
  return static_cast<double>(static_cast<std::int64_t>(rate * 10 + 0.5)) / 10;
}

Json record_of(const std::vector<sink::Tally::Row>& rows) {
  Json counts = Json::array();
  for (const auto& row : rows) {
    Json count = row.others ? Json{{"others", true}}
                            : Json{{"cache", row.kind.cache},
                                   {"topic", row.kind.topic},
                                   {"token_id", row.kind.token_id}};
    count["events"] = row.events;
    count["failed"] = row.failed;
    count["per_second"] = rounded(row.per_second);
    counts.push_back(std::move(count));
  }
  return {{"type", "aggregate"},
          {"at", to_rfc3339(std::chrono::system_clock::now())},
          {"counts", std::move(counts)}};
}

}  // namespace

std::string table_of(const std::vector<sink::Tally::Row>& rows) {
  std::string table = fmt::format("{:>10} {:>8} {:>9}  {}", "events", "failed", "per s", "topic");
  for (const auto& row : rows) {
    table += fmt::format("\n{:>10} {:>8} {:>9.1f}  {}", row.events, row.failed, row.per_second,
                         row.others ? "(others)" : printable(row.kind.topic));
    if (!row.kind.token_id.empty()) {
      table += fmt::format("  token id {}", printable(row.kind.token_id));
    }
  }
  return table;
}

TallyReport::TallyReport(std::chrono::milliseconds interval, Source source, Renderer& renderer)
    : interval_(interval),
      source_(std::move(source)),
      renderer_(renderer),
      thread_([this](const std::stop_token& stop) {
        while (!wait_for_stop_until(stop, std::chrono::steady_clock::now() + interval_))
          show(false);
      }) {}

TallyReport::~TallyReport() {
  thread_.request_stop();
  thread_.join();
  show(true);
}

// Once more after the last event, so that its rate does not stay on the screen.
void TallyReport::show(bool last) {
  const auto rows = source_();
  std::uint64_t count = 0;
  for (const auto& row : rows)
    count += row.events + row.failed;
  const bool moving = count != shown_;
  if (moving || was_moving_ || last) {
    renderer_.status(table_of(rows), record_of(rows));
  }
  was_moving_ = moving;
  shown_ = count;
}

}  // namespace topicloop::cli
