// SPDX-License-Identifier: Apache-2.0
#include "replay/message_expectations.hpp"

#include "replay/compare.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::replay {

namespace {

using Outcome = CaseResult::Outcome;

// Of messages that nobody expects, so many are told of one by one.
constexpr std::size_t k_told_unexpected = 1'000;

const char* kind_of(const model::Value& value) {
  return value.is_text() ? "text" : "binary";
}

}  // namespace

MessageExpectations::MessageExpectations(Options options, std::vector<FileMessage> expected)
    : options_(std::move(options)), expected_(std::move(expected)), states_(expected_.size()) {}

void MessageExpectations::take(const model::Message& message) {
  const std::size_t place = taken_++;
  if (options_.is_ordered && place < expected_.size()) {
    compare_in_place(message);
    return;
  }
  if (!options_.is_ordered) {
    while (first_missing_ < states_.size() && states_[first_missing_].kind != State::Kind::Missing)
      ++first_missing_;
    for (std::size_t i = first_missing_; i < expected_.size(); ++i) {
      if (states_[i].kind == State::Kind::Missing && meets(i, message)) {
        states_[i].kind = State::Kind::Met;
        return;
      }
    }
  }
  if (unexpected_.size() == k_told_unexpected) {
    ++more_unexpected_;
    return;
  }
  CaseResult result;
  result.file = options_.file;
  result.name = fmt::format("{} #{}", options_.topic, message.sequence_number);
  result.outcome = Outcome::Failed;
  result.reason = "nobody expected this message";
  result.detail = compare_bodies("", message.value.bytes).diff;
  unexpected_.push_back(std::move(result));
}

bool MessageExpectations::meets(std::size_t place, const model::Message& message) {
  const model::Value& expected = expected_[place].value;
  return expected.kind == message.value.kind &&
         (expected.bytes == message.value.bytes ||
          compare_bodies(expected.bytes, message.value.bytes, options_.ignored).equal);
}

void MessageExpectations::compare_in_place(const model::Message& message) {
  const std::size_t place = taken_ - 1;
  State& state = states_[place];
  const model::Value& expected = expected_[place].value;
  if (meets(place, message)) {
    state.kind = State::Kind::Met;
    return;
  }
  state.kind = State::Kind::Different;
  if (expected.kind != message.value.kind) {
    state.reason =
        fmt::format("{} came, expected was {}", kind_of(message.value), kind_of(expected));
  } else {
    state.reason = fmt::format("another message came, as #{}", message.sequence_number);
  }
  state.detail = compare_bodies(expected.bytes, message.value.bytes, options_.ignored).diff;
}

CaseResult MessageExpectations::case_at(std::size_t place) const {
  CaseResult result;
  result.file = options_.file;
  result.line = expected_[place].line;
  result.name = fmt::format("{}, message {}", options_.topic, place + 1);
  return result;
}

std::vector<CaseResult> MessageExpectations::conclude(const std::string& waited) const {
  std::vector<CaseResult> results;
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    CaseResult result = case_at(i);
    if (states_[i].kind != State::Kind::Met) result.outcome = Outcome::Failed;
    if (states_[i].kind == State::Kind::Different) {
      result.reason = states_[i].reason;
      result.detail = states_[i].detail;
    } else if (states_[i].kind == State::Kind::Missing) {
      result.reason = is_complete() ? "other messages came instead" : "it did not come " + waited;
      result.detail = compare_bodies(expected_[i].value.bytes, "").diff;
    }
    results.push_back(std::move(result));
  }
  results.insert(results.end(), unexpected_.begin(), unexpected_.end());
  if (more_unexpected_ > 0) {
    CaseResult rest;
    rest.file = options_.file;
    rest.name = fmt::format("{}, more messages", options_.topic);
    rest.outcome = Outcome::Failed;
    rest.reason = fmt::format("nobody expected another {} messages", more_unexpected_);
    results.push_back(std::move(rest));
  }
  return results;
}

}  // namespace topicloop::replay
