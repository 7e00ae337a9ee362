// SPDX-License-Identifier: Apache-2.0
#include "replay/verdict.hpp"

#include "replay/compare.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::replay {

namespace {

using Outcome = CaseResult::Outcome;

// Of an answer that was not expected, what is told at most; enough to hold a reason.
constexpr std::size_t k_told_answer = 500;

CaseResult result_of(const Event& event) {
  CaseResult result;
  result.file = event.file;
  result.line = event.line;
  result.name = event.name();
  return result;
}

void fail(CaseResult& result, const std::string& reason) {
  result.outcome = Outcome::Failed;
  result.reason += (result.reason.empty() ? "" : "; ") + reason;
}

void check_status(CaseResult& result, const Answer& answer, const Expectations& expected) {
  if (!expected.status || expected.status->matches(answer.status)) return;
  fail(result, fmt::format("answered {}, expected {}", answer.status, expected.status->text()));
  const bool is_refused = answer.status == 401 || answer.status == 403;
  if (is_refused && expected.keeps_signature) {
    fail(result, "receivers refuse a publish_timestamp of long ago: --resign dates and signs anew");
  }
  if (!answer.body.empty()) result.detail = answer.body.substr(0, k_told_answer);
}

void compare(CaseResult& result, const Event& event, const Answer& answer,
             const Expectations& expected) {
  const auto* exchange = event.exchange();
  if (exchange == nullptr || exchange->response.status == 0) {
    fail(result, "the capture has no answer to compare with");
    return;
  }
  if (answer.status != exchange->response.status) {
    fail(result,
         fmt::format("answered {}, recorded was {}", answer.status, exchange->response.status));
  }
  if (!answer.is_body_whole) {
    fail(result, "the answer's body is too large to be compared");
    return;
  }
  auto comparison = compare_bodies(exchange->response.body, answer.body, expected.ignored);
  if (comparison.equal) return;
  fail(result, "the answer's body is not the recorded one");
  result.detail = std::move(comparison.diff);
}

}  // namespace

CaseResult judge(const Event& event, const Answer& answer, const Expectations& expected) {
  CaseResult result = result_of(event);
  result.status = answer.status;
  result.latency = answer.latency;
  result.attempts = answer.attempts;
  if (!answer.error.empty()) {
    result.outcome = Outcome::Error;
    result.reason = answer.error;
    return result;
  }
  if (answer.status != 0) {
    check_status(result, answer, expected);
    if (expected.compare) compare(result, event, answer, expected);
  }
  if (expected.max_latency && answer.latency > *expected.max_latency) {
    fail(result, fmt::format("took {:.1f} ms, and {:.0f} were allowed",
                             static_cast<double>(answer.latency.count()) / 1000,
                             static_cast<double>(expected.max_latency->count()) / 1000));
  }
  return result;
}

CaseResult skipped(const Event& event, std::string reason) {
  CaseResult result = result_of(event);
  result.outcome = Outcome::Skipped;
  result.reason = std::move(reason);
  result.attempts = 0;
  return result;
}

}  // namespace topicloop::replay
