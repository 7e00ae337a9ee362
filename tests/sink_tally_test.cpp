// SPDX-License-Identifier: Apache-2.0
#include "sink/tally.hpp"
#include "support/passage.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop::sink;
using topicloop::test::event_number;
using namespace std::chrono_literals;

namespace {

const Tally::Time k_start{1h};

}  // namespace

TEST_CASE("events are counted by topic and token id, those that failed apart") {
  Tally tally(k_start);
  for (int i = 0; i < 3; ++i)
    tally.add(event_number(1, "b"), true);
  tally.add(event_number(1, "a"), true);
  tally.add(event_number(1, "a"), false);
  auto anonymous = event_number(1, "b");
  anonymous.token_id = "";
  tally.add(anonymous, true);
  const auto rows = tally.report(k_start + 2s);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].kind == Tally::Kind{"my-cache", "a", "me"});
  CHECK(rows[0].events == 1);
  CHECK(rows[0].failed == 1);
  CHECK(rows[0].per_second == 1.0);
  CHECK(rows[1].kind == Tally::Kind{"my-cache", "b", ""});
  CHECK(rows[2].kind == Tally::Kind{"my-cache", "b", "me"});
  CHECK(rows[2].events == 3);
  CHECK(rows[2].per_second == 1.5);
}

TEST_CASE("rates are of the time since the report before and counts of all time") {
  Tally tally(k_start);
  for (int i = 0; i < 10; ++i)
    tally.add(event_number(1), true);
  CHECK(tally.report(k_start + 1s).at(0).per_second == 10.0);
  tally.add(event_number(1), true);
  const auto rows = tally.report(k_start + 5s);
  CHECK(rows.at(0).per_second == 0.25);
  CHECK(rows.at(0).events == 11);
  CHECK(tally.report(k_start + 6s).at(0).per_second == 0.0);
  CHECK(tally.report(k_start + 6s).at(0).per_second == 0.0);  // No time at all.
}

TEST_CASE("beyond the most kinds the rest is counted together") {
  Tally tally(k_start, 2);
  for (const char* topic : {"a", "b", "c", "d", "a"})
    tally.add(event_number(1, topic), true);
  const auto rows = tally.report(k_start + 1s);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].events == 2);
  CHECK_FALSE(rows[1].others);
  CHECK(rows[2].others);
  CHECK(rows[2].events == 2);
}
