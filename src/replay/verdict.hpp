// SPDX-License-Identifier: Apache-2.0
// Whether an event's answer is what was expected, and if not, why, for people.
//
// Pure.
#pragma once

#include "base/error.hpp"
#include "replay/event.hpp"
#include "replay/expectation.hpp"
#include "replay/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace topicloop::replay {

// What came of sending an event. Of a topic there is no more than that it was accepted.
struct Answer {
  int status = 0;                           // HTTP status; 0: there is none.
  std::string error = {};                   // Why it could not be sent or was not answered.
  ErrorKind kind = ErrorKind::Unavailable;  // Of the error, if there is one.
  model::HttpHeaders headers = {};          // The rest is HTTP's, too.
  std::string body = {};
  bool is_body_whole = true;  // False: it was too large to be kept.
  std::chrono::microseconds latency{0};
  std::uint64_t attempts = 1;
};

struct Expectations {
  std::optional<StatusExpectation> status = {};
  bool compare = false;                   // Status and body are to be as recorded.
  std::vector<std::string> ignored = {};  // Places in the body, as compare_bodies() takes them.
  std::optional<std::chrono::microseconds> max_latency = {};
  bool keeps_signature = false;  // What was signed long ago may be refused for that.
};

CaseResult judge(const Event& event, const Answer& answer, const Expectations& expected);

// An event that is not sent.
CaseResult skipped(const Event& event, std::string reason);

}  // namespace topicloop::replay
