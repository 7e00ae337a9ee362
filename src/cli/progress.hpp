// SPDX-License-Identifier: Apache-2.0
// A line on a terminal that says how far long work has come, how fast, and how long it will take.
//
// Shows nothing where stderr is no terminal, nor for work that is over at once. One thread.
#pragma once

#include "cli/context.hpp"
#include "cli/output_flags.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace topicloop::cli {

class Progress {
public:
  // `total`: how much there is to do, if that is known. `is_typed`: it is read from the terminal.
  Progress(Context& context, const OutputFlags& flags, std::optional<std::uint64_t> total,
           bool is_typed = false);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  // So much is done. Redraws a few times a second.
  void show(std::uint64_t done);
  // Makes room for other lines.
  void clear();

private:
  using Clock = std::chrono::steady_clock;

  Context& context_;
  const bool is_wanted_;
  const std::optional<std::uint64_t> total_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point next_;
  bool is_shown_ = false;
};

// Whether there is a terminal to draw on, where nothing else is drawn: neither records nor, if
// `is_typed`, what somebody types.
bool shows_progress(const Context& context, const OutputFlags& flags, bool is_typed);

// "1,200 of 5,000 messages (24%), 2,400/s, 1.6s left", or without a total "1,200 messages,
// 2,400/s".
std::string describe_progress(std::uint64_t done, std::optional<std::uint64_t> total,
                              std::chrono::microseconds taken);

}  // namespace topicloop::cli
