// SPDX-License-Identifier: Apache-2.0
#include "replay/result.hpp"

#include <catch2/catch_test_macros.hpp>

using topicloop::replay::CaseResult;
using topicloop::replay::Totals;

TEST_CASE("Every outcome is counted under its own name") {
  using Outcome = CaseResult::Outcome;
  Totals totals;
  for (const auto outcome :
       {Outcome::Passed, Outcome::Passed, Outcome::Passed, Outcome::Passed, Outcome::Failed,
        Outcome::Failed, Outcome::Failed, Outcome::Error, Outcome::Error, Outcome::Skipped}) {
    totals.count(outcome);
  }
  CHECK(totals.passed == 4);
  CHECK(totals.failed == 3);
  CHECK(totals.errors == 2);
  CHECK(totals.skipped == 1);
  CHECK(totals.all() == 10);
  CHECK(name_of(Outcome::Error) == "error");
}
