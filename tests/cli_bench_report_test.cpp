// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_report.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace topicloop;
using namespace topicloop::cli;
using namespace std::chrono_literals;

namespace {

bench::Report publish_report() {
  bench::Report report{.kind = "publish",
                       .where = "127.0.0.1:8080",
                       .is_embedded = true,
                       .messages = 4,
                       .warm_up = 1,
                       .size = 500,
                       .in_flight = 2,
                       .duration = 2ms,
                       .tally = {},
                       .processes = {}};
  for (const auto took : {110us, 120us, 160us, 480us})
    report.tally.latency.add(took);
  report.tally.begun = report.tally.finished = report.tally.arrivals = 4;
  report.processes = {{"client", {48us, 3 << 20, 4 << 20}}, {"service", {60us, 5 << 20, 5 << 20}}};
  return report;
}

}  // namespace

TEST_CASE("a benchmark's report in text has rates, percentiles, costs and the latencies' shape") {
  CHECK(text_of(publish_report()) ==
        "publish: 4 messages of 500 bytes, 2 in flight, embedded at 127.0.0.1:8080\n"
        "4 messages in 2.00ms: 2000/s, 1.00 MB/s\n"
        "latency  p50 120us, p90 480us, p99 480us, p99.9 480us, max 480us\n"
        "cpu      a message: client 12.0us (2% of a core), service 15.0us (3%)\n"
        "memory   client 3.0 MiB (peak 4.0 MiB), service 5.0 MiB (peak 5.0 MiB)\n"
        "\n"
        "   100us to   150us         2  ########################################\n"
        "   150us to   200us         1  ####################\n"
        "   200us to   300us         0\n"
        "   300us to   500us         1  ####################");
}

TEST_CASE("a report of a paced fan-out says what it counts and from when") {
  auto report = publish_report();
  report.kind = "subscribe";
  report.messages = 2;
  report.subscribers = 2;
  report.rate = 0.5;
  report.is_embedded = false;
  report.tally.begun = report.tally.finished = 2;
  const std::string text = text_of(report);
  CHECK(
      text.starts_with("subscribe: 2 messages of 500 bytes, 2 subscribers, 2 in flight, 0.5 a "
                       "second, 127.0.0.1:8080\n4 deliveries in 2.00ms"));
  CHECK(text.find("max 480us (from when each was due)\n") != std::string::npos);
  CHECK(text.find("\ncpu      a delivery: client 12.0us") != std::string::npos);
}

TEST_CASE("a report of a run that was cut short says so") {
  auto report = publish_report();
  report.messages = 10;
  report.tally.begun = 6;
  report.tally.failed = 1;
  CHECK(text_of(report).find("1.00 MB/s (4 of 10 messages done, 1 failed)\n") != std::string::npos);
  const auto record = record_of(report);
  CHECK(record["complete"] == false);
  CHECK(record["finished"] == 4);
  CHECK(record["failed"] == 1);
  CHECK(record["lost"] == 1);
}

TEST_CASE("a report without a single arrival is just that") {
  bench::Report report;
  report.kind = "publish";
  report.messages = 1;
  CHECK(text_of(report) ==
        "publish: 1 message of 0 bytes, 1 in flight, \n"
        "0 messages in 0us: 0/s, 0.00 MB/s (0 of 1 messages done, 0 failed)");
  CHECK(record_of(report)["histogram"].empty());
}

TEST_CASE("a benchmark's record has every number of the report") {
  const auto record = record_of(publish_report());
  const auto expected = nlohmann::ordered_json::parse(R"({
    "type": "bench", "bench": "publish", "where": "127.0.0.1:8080", "embedded": true,
    "messages": 4, "warm_up": 1, "bytes": 500, "in_flight": 2, "subscribers": null, "rate": null,
    "complete": true, "finished": 4, "failed": 0, "lost": 0, "arrivals": 4,
    "duration_us": 2000.0, "per_second": 2000.0, "megabytes_per_second": 1.0,
    "latency_from": "sent",
    "latency_us": {"count": 4, "min": 110.0, "mean": 217.5, "p50": 120.063, "p90": 480.0,
                   "p99": 480.0, "p99_9": 480.0, "max": 480.0},
    "processes": [
      {"name": "client", "cpu_us": 48.0, "cpu_us_each": 12.0, "resident_bytes": 3145728,
       "peak_resident_bytes": 4194304},
      {"name": "service", "cpu_us": 60.0, "cpu_us_each": 15.0, "resident_bytes": 5242880,
       "peak_resident_bytes": 5242880}],
    "histogram": [
      {"from_us": 100.0, "to_us": 150.0, "count": 2}, {"from_us": 150.0, "to_us": 200.0, "count": 1},
      {"from_us": 200.0, "to_us": 300.0, "count": 0}, {"from_us": 300.0, "to_us": 500.0, "count": 1}]
  })");
  CHECK(record == expected);
  CHECK(record.dump().starts_with(R"({"type":"bench","bench":"publish")"));
}
