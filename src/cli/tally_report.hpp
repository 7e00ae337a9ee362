// SPDX-License-Identifier: Apache-2.0
// Shows counts and rates of events again and again, on a thread of its own, when they have changed.
#pragma once

#include "cli/render.hpp"
#include "sink/tally.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace topicloop::cli {

// A table for people.
std::string table_of(const std::vector<sink::Tally::Row>& rows);

class TallyReport {
public:
  using Source = std::function<std::vector<sink::Tally::Row>()>;

  // Asks `source` every `interval`.
  TallyReport(std::chrono::milliseconds interval, Source source, Renderer& renderer);
  TallyReport(const TallyReport&) = delete;
  TallyReport& operator=(const TallyReport&) = delete;
  ~TallyReport();  // Shows the last counts.

private:
  void show(bool last);

  const std::chrono::milliseconds interval_;
  const Source source_;
  Renderer& renderer_;
  std::uint64_t shown_ = 0;  // How many events the last report counted.
  bool was_moving_ = false;  // And whether there was a rate in it.
  std::jthread thread_;      // Last: it uses all of the above.
};

}  // namespace topicloop::cli
