// SPDX-License-Identifier: Apache-2.0
#include "bench/report.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop::bench;
using namespace std::chrono_literals;

namespace {

Report report_of(std::uint64_t arrivals, std::chrono::nanoseconds duration) {
  Report report;
  report.size = 500;
  report.messages = 10;
  report.duration = duration;
  report.tally.arrivals = arrivals;
  return report;
}

}  // namespace

TEST_CASE("a report's rates are those of the arrivals") {
  const Report report = report_of(1'000, 250ms);
  CHECK(report.per_second() == 4'000);
  CHECK(report.megabytes_per_second() == 2);
}

TEST_CASE("a report's processor time is shared by the arrivals") {
  Usage usage;
  usage.cpu = 3ms;
  CHECK(report_of(1'000, 1s).cpu_each(usage) == 3us);
  CHECK(report_of(1'000, 6ms).cores_used(usage) == 0.5);
}

TEST_CASE("a report without an arrival divides by nothing") {
  const Report report = report_of(0, 0ns);
  CHECK(report.per_second() == 0);
  CHECK(report.cpu_each({}) == 0ns);
  CHECK(report.cores_used({}) == 0);
}

TEST_CASE("a report tells what was lost from what failed") {
  Report report = report_of(7, 1s);
  report.tally.begun = 10;
  report.tally.finished = 7;
  report.tally.failed = 1;
  CHECK(report.lost() == 2);
  CHECK_FALSE(report.is_complete());
  report.tally.finished = 10;
  CHECK(report.is_complete());
}
