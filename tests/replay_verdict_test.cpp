// SPDX-License-Identifier: Apache-2.0
#include "replay/verdict.hpp"
#include "support/captures.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using replay::Answer;
using replay::Expectations;
using Outcome = replay::CaseResult::Outcome;

namespace {

// Its recorded answer is 200 with the body {}.
replay::Event event() {
  return replay::make_event("c.jsonl", 7, request_record("x"));
}

replay::CaseResult verdict(const Answer& answer, const Expectations& expected) {
  return replay::judge(event(), answer, expected);
}

const Expectations k_any_2xx{.status = replay::StatusExpectation()};

}  // namespace

TEST_CASE("An answer that is as expected passes, and says how it went") {
  const auto result =
      verdict({.status = 204, .latency = std::chrono::milliseconds(3), .attempts = 2}, k_any_2xx);
  CHECK(result.outcome == Outcome::Passed);
  CHECK(result.reason.empty());
  CHECK(result.file == "c.jsonl");
  CHECK(result.line == 7);
  CHECK(result.name == "POST /hook?a=b [89fc77f2]");
  CHECK(result.status == 204);
  CHECK(result.latency == std::chrono::milliseconds(3));
  CHECK(result.attempts == 2);
}

TEST_CASE("Another status fails, with what the answer said") {
  const auto result = verdict({.status = 500, .body = "out of paper"}, k_any_2xx);
  CHECK(result.outcome == Outcome::Failed);
  CHECK(result.reason == "answered 500, expected 2xx");
  CHECK(result.detail == "out of paper");
}

TEST_CASE("A refusal of a kept signature comes with what helps") {
  Expectations expected = k_any_2xx;
  CHECK_FALSE(verdict({.status = 403}, expected).reason.ends_with("signs anew"));
  expected.keeps_signature = true;
  CHECK(verdict({.status = 403}, expected).reason.ends_with("signs anew"));
  CHECK(verdict({.status = 401}, expected).reason.ends_with("signs anew"));
  CHECK_FALSE(verdict({.status = 500}, expected).reason.ends_with("signs anew"));
}

TEST_CASE("No answer is an error") {
  const auto result = verdict({.error = "connection refused"}, k_any_2xx);
  CHECK(result.outcome == Outcome::Error);
  CHECK(result.reason == "connection refused");
}

TEST_CASE("A topic's answer has no status to expect") {
  CHECK(verdict({}, k_any_2xx).outcome == Outcome::Passed);
}

TEST_CASE("Compared answers must have the recorded status and body") {
  const Expectations expected{.compare = true};
  CHECK(verdict({.status = 200, .body = " { } "}, expected).outcome == Outcome::Passed);
  CHECK(verdict({.status = 201, .body = "{}"}, expected).reason ==
        "answered 201, recorded was 200");
  const auto result = verdict({.status = 200, .body = R"({"a":1})"}, expected);
  CHECK(result.reason == "the answer's body is not the recorded one");
  CHECK(result.detail.find("/a") != std::string::npos);
  CHECK(verdict({.status = 200, .body = R"({"a":1})"}, {.compare = true, .ignored = {"/a"}})
            .outcome == Outcome::Passed);
  CHECK(verdict({.status = 200, .body = "{}", .is_body_whole = false}, expected).outcome ==
        Outcome::Failed);
}

TEST_CASE("What has no recorded answer cannot be compared") {
  const auto message = replay::make_event("c", 1, message_record(model::Value::text("m")));
  CHECK(replay::judge(message, {.status = 200}, {.compare = true}).reason ==
        "the capture has no answer to compare with");
}

TEST_CASE("An answer that took too long fails") {
  Expectations expected = k_any_2xx;
  expected.max_latency = std::chrono::milliseconds(10);
  CHECK(verdict({.status = 200, .latency = std::chrono::milliseconds(10)}, expected).outcome ==
        Outcome::Passed);
  CHECK(verdict({.status = 500, .latency = std::chrono::milliseconds(12)}, expected).reason ==
        "answered 500, expected 2xx; took 12.0 ms, and 10 were allowed");
}
