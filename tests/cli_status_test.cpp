// SPDX-License-Identifier: Apache-2.0
// publish and subscribe against a service that ends calls with every status there is, at every
// point there is: what is survived, what is not, and what the shell and a script are told.
#include "support/command.hpp"
#include "support/scripted_topics.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>

using namespace topicloop;
using namespace topicloop::test;

namespace {

struct Row {
  grpc::StatusCode code;
  std::string kind;   // As the error record has it.
  int exit_code;      // Of publish, and of subscribe before its first message.
  bool ends_streams;  // One of the four after which it is no use to come back.
};

using Code = grpc::StatusCode;

const std::vector<Row> k_failures = {
    {Code::CANCELLED, "cancelled", 5, true},
    {Code::UNKNOWN, "service_failed", 5, false},
    {Code::INVALID_ARGUMENT, "invalid_argument", 5, false},
    {Code::DEADLINE_EXCEEDED, "deadline_exceeded", 4, false},
    {Code::NOT_FOUND, "not_found", 5, true},
    {Code::ALREADY_EXISTS, "already_exists", 5, false},
    {Code::PERMISSION_DENIED, "permission_denied", 5, true},
    {Code::RESOURCE_EXHAUSTED, "limit_exceeded", 5, false},
    {Code::FAILED_PRECONDITION, "failed_precondition", 5, false},
    {Code::ABORTED, "service_failed", 5, false},
    {Code::OUT_OF_RANGE, "service_failed", 5, false},
    {Code::UNIMPLEMENTED, "unimplemented", 5, false},
    {Code::INTERNAL, "service_failed", 5, false},
    {Code::UNAVAILABLE, "unavailable", 4, false},
    {Code::DATA_LOSS, "service_failed", 5, false},
    {Code::UNAUTHENTICATED, "unauthenticated", 5, true},
};

std::vector<Row> every_status() {
  auto all = k_failures;
  // A subscription has no natural end.
  all.push_back({Code::OK, "unavailable", 4, false});
  return all;
}

void check_failure(const Outcome& outcome, const Row& row) {
  INFO(outcome.out << outcome.err);
  CHECK(outcome.exit_code == row.exit_code);
  CHECK(contains("\n" + outcome.err, "\ntopicloop: error: "));
  const auto records = outcome.records();
  REQUIRE_FALSE(records.empty());
  CHECK(records.back()["type"] == "error");
  CHECK(records.back()["kind"] == row.kind);
  CHECK(records.back()["exit_code"] == row.exit_code);
  CHECK(records_of(records, "error").size() == 1);
}

// Each stream gives `before` of its own: the first is then ended with the status, the second goes
// on with message 2.
Outcome follow(const Row& row, const std::function<void(ScriptedCall&)>& before,
               const std::string& count) {
  std::atomic<int> calls = 0;
  const ScriptedService service([&](ScriptedCall& call) {
    if (++calls == 1) {
      before(call);
      call.end(grpc::Status(row.code, row.code == Code::OK ? "" : "because"));
      return;
    }
    call.write(heartbeat());
    call.write(item(2, "two"));
    call.wait_until_cancelled();
  });
  Outcome outcome = run_command({"subscribe", "t", "-n", count, "-o", "json", "--connect-timeout",
                                 "0", "--local", service.endpoint()});
  CHECK(calls == (row.ends_streams ? 1 : 2));
  return outcome;
}

}  // namespace

TEST_CASE("publish fails with every status but OK, tells it, and tries no other time") {
  for (const auto& row : k_failures) {
    CAPTURE(row.code);
    const ScriptedService service(
        [&](ScriptedCall& call) { call.end(grpc::Status(row.code, "because")); });
    check_failure(run_command({"publish", "t", "v", "-o", "json", "--local", service.endpoint()}),
                  row);
    CHECK(service.calls() == 1);
  }
}

TEST_CASE("every status before the first message ends subscribe") {
  for (const auto& row : every_status()) {
    CAPTURE(row.code);
    const ScriptedService service([&](ScriptedCall& call) {
      call.end(grpc::Status(row.code, row.code == Code::OK ? "" : "because"));
    });
    check_failure(run_command({"subscribe", "t", "-o", "json", "--connect-timeout", "0", "--local",
                               service.endpoint()}),
                  row);
  }
}

TEST_CASE("after the first heartbeat only the four final statuses end subscribe") {
  for (const auto& row : every_status()) {
    CAPTURE(row.code);
    const Outcome outcome = follow(
        row, [](ScriptedCall& call) { call.write(heartbeat()); }, "1");
    if (row.ends_streams) {
      check_failure(outcome, row);
      continue;
    }
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(contains(outcome.err, "; trying again\n"));
    CHECK(contains(outcome.err, "subscribed again\n"));
    // Nothing says where the first stream stood.
    const auto gaps = records_of(outcome.records(), "gap");
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0]["missing"].empty());
  }
}

TEST_CASE("after messages only the four final statuses end subscribe, and nothing is missing") {
  for (const auto& row : every_status()) {
    CAPTURE(row.code);
    const auto before = [](ScriptedCall& call) {
      call.write(heartbeat());
      call.write(item(1, "one"));
    };
    const Outcome outcome = follow(row, before, "2");
    INFO(outcome.out << outcome.err);
    CHECK(records_of(outcome.records(), "message").size() == (row.ends_streams ? 1 : 2));
    CHECK(records_of(outcome.records(), "gap").empty());
    if (row.ends_streams) {
      check_failure(outcome, row);
    } else {
      CHECK(outcome.exit_code == 0);
      CHECK(records_of(outcome.records(), "error").empty());
    }
  }
}
