// SPDX-License-Identifier: Apache-2.0
#include "sink/tally.hpp"

#include <utility>

namespace topicloop::sink {

void Tally::add(const model::WebhookEvent& event, bool done) {
  const Kind kind{event.cache, event.topic, event.token_id};
  auto found = counts_.find(kind);
  if (found == counts_.end() && counts_.size() < most_kinds_) {
    found = counts_.emplace(kind, Count{}).first;
  }
  Count& count = found == counts_.end() ? others_ : found->second;
  ++(done ? count.events : count.failed);
}

Tally::Row Tally::row_of(const Kind& kind, Count& count, double seconds) {
  const std::uint64_t all = count.events + count.failed;
  const std::uint64_t recent = all - std::exchange(count.reported, all);
  return {.kind = kind,
          .events = count.events,
          .failed = count.failed,
          .per_second = seconds > 0 ? static_cast<double>(recent) / seconds : 0};
}

std::vector<Tally::Row> Tally::report(Time now) {
  const double seconds = std::chrono::duration<double>(now - last_report_).count();
  last_report_ = now;
  std::vector<Row> rows;
  for (auto& [kind, count] : counts_)
    rows.push_back(row_of(kind, count, seconds));
  if (others_.events + others_.failed > 0) {
    rows.push_back(row_of({}, others_, seconds));
    rows.back().others = true;
  }
  return rows;
}

}  // namespace topicloop::sink
