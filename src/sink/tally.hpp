// SPDX-License-Identifier: Apache-2.0
// Counts events by cache, topic and token id, and how many a second there are.
//
// Pure: the clock is an argument. At most a given number of kinds are told apart; the events of all
// others are counted together. Not thread-safe.
#pragma once

#include "model/webhook.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace topicloop::sink {

class Tally {
public:
  using Time = std::chrono::steady_clock::time_point;

  struct Kind {
    std::string cache;
    std::string topic;
    std::string token_id;
    auto operator<=>(const Kind&) const = default;
  };

  struct Row {
    Kind kind;
    bool others = false;       // The row of all that are not told apart; the kind is empty.
    std::uint64_t events = 0;  // That went through, since the beginning.
    std::uint64_t failed = 0;  // That did not.
    double per_second = 0;     // Of both, since the report before.
  };

  explicit Tally(Time begin, std::size_t most_kinds = 10'000)
      : last_report_(begin), most_kinds_(most_kinds) {}

  void add(const model::WebhookEvent& event, bool done);

  // By kind, the others last. What happens from now on counts for the next report's rates.
  std::vector<Row> report(Time now);

private:
  struct Count {
    std::uint64_t events = 0;
    std::uint64_t failed = 0;
    std::uint64_t reported = 0;  // Of both, at the last report.
  };

  static Row row_of(const Kind& kind, Count& count, double seconds);

  Time last_report_;
  const std::size_t most_kinds_;
  std::map<Kind, Count> counts_;
  Count others_;
};

}  // namespace topicloop::sink
