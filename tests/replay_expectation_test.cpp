// SPDX-License-Identifier: Apache-2.0
#include "replay/expectation.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using replay::StatusExpectation;

TEST_CASE("Without an expectation any 2xx is as it should be") {
  const StatusExpectation expectation;
  CHECK(expectation.matches(200));
  CHECK(expectation.matches(299));
  CHECK_FALSE(expectation.matches(199));
  CHECK_FALSE(expectation.matches(302));
  CHECK_FALSE(expectation.matches(0));
}

TEST_CASE("Statuses and classes of them can be expected, several at a time") {
  const auto expectation = StatusExpectation::parse("200,404,3xx");
  REQUIRE(expectation);
  CHECK(expectation->matches(200));
  CHECK(expectation->matches(404));
  CHECK(expectation->matches(399));
  CHECK_FALSE(expectation->matches(201));
  CHECK_FALSE(expectation->matches(400));
  CHECK(expectation->text() == "200,404,3xx");
}

TEST_CASE("What is no status is refused") {
  for (const char* bad :
       {"", "2", "2x", "2XX", "600", "20x", "0xx", "200,", ",200", "200 404", "2000", "ok", "99"}) {
    INFO(bad);
    const auto expectation = StatusExpectation::parse(bad);
    REQUIRE_FALSE(expectation);
    CHECK(expectation.error().kind == ErrorKind::Usage);
  }
}
