// SPDX-License-Identifier: Apache-2.0
// What came of each event that was replayed, and of all of them.
//
// Plain values: what `replay` finds out, and what reports are written from.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace topicloop::replay {

// One event.
struct CaseResult {
  enum class Outcome {
    Passed,
    Failed,   // An expectation was not met.
    Error,    // It could not be sent, or was not answered.
    Skipped,  // It was not sent: an earlier one failed, or the user stopped.
  };

  std::string file;
  std::size_t line = 0;  // Of the file; 0: none in particular.
  std::string name;      // E.g. `topic 1 #42 [0123abcd]`; the same in every run.
  Outcome outcome = Outcome::Passed;
  std::string reason = {};  // One line, for people; empty if it passed.
  std::string detail = {};  // Several lines, such as a diff; may be empty.
  int status = 0;           // HTTP status; 0: there was none.
  std::chrono::microseconds latency{0};
  std::uint64_t attempts = 1;
};

// All of them.
struct Totals {
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;
  SystemTime started;
  std::chrono::microseconds elapsed{0};

  std::uint64_t all() const { return passed + failed + errors + skipped; }
  void count(CaseResult::Outcome outcome);
};

// "passed", "failed", "error" or "skipped".
std::string_view name_of(CaseResult::Outcome outcome);

}  // namespace topicloop::replay
