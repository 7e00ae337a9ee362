// SPDX-License-Identifier: Apache-2.0
#include "replay/result.hpp"

namespace topicloop::replay {

using Outcome = CaseResult::Outcome;

void Totals::count(Outcome outcome) {
  switch (outcome) {
    case Outcome::Passed:
      ++passed;
      break;
    case Outcome::Failed:
      ++failed;
      break;
    case Outcome::Error:
      ++errors;
      break;
    case Outcome::Skipped:
      ++skipped;
      break;
  }
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::Passed:
      return "passed";
    case Outcome::Failed:
      return "failed";
    case Outcome::Error:
      return "error";
    case Outcome::Skipped:
      return "skipped";
  }
  return "";
}

}  // namespace topicloop::replay
