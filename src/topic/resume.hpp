// SPDX-License-Identifier: Apache-2.0
// Where a subscription stands, and so what to ask for after its stream broke.
//
// Streams break and come back; to the user a subscription is one sequence of messages. Decides
// which messages are repetitions, when some are missing and which, and how long to wait before the
// next attempt. Pure: chance is an argument, there is no clock.
#pragma once

#include "model/message.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace topicloop::topic {

// What one element of a stream means to the user: a message or heartbeat as it came, a gap; or, if
// messages are missing before a message, both. Nothing: a repetition, to be dropped.
struct Meaning {
  std::optional<model::Gap> gap;
  std::optional<std::variant<model::Message, model::Heartbeat>> event;
};

class Resume {
public:
  // `start` is where the subscription is to begin.
  Resume(std::string cache, std::string topic, model::ResumePoint start);

  // What to ask the service for, now.
  model::ResumePoint point() const;

  // The service has said what is read first: no message before it is expected, and none after it
  // may be missing.
  void begin_at(const model::ResumePoint& position);

  // Takes the next element of a stream that was asked for point().
  Meaning take(model::SubscriptionEvent event);

  // Call when a stream has begun again after a break. A gap without bounds if nothing was ever
  // received, so that nobody can say what was published meanwhile.
  std::optional<model::Gap> resumed() const;

private:
  Meaning take_message(model::Message message);
  std::optional<model::Gap> take_discontinuity(const model::Discontinuity& discontinuity);
  // The gap if `number` on `page` is what comes next; advances nothing.
  std::optional<model::Gap> gap_before(std::uint64_t number, std::uint64_t page) const;

  std::string cache_;
  std::string topic_;
  model::ResumePoint start_;
  std::uint64_t page_ = 0;      // Of the last message or discontinuity; 0: not known yet.
  std::uint64_t lowest_ = 0;    // Numbers below were had already; 0: any number may come.
  std::uint64_t expected_ = 0;  // Numbers from `lowest_` to this one leave no gap.
};

// How long to wait before each attempt: from 0.1 s, doubling to 5 s, each shortened by chance to
// half at least, so that many clients of one service do not all come back at once.
class Backoff {
public:
  // `chance` is from 0 to below 1.
  std::chrono::milliseconds next(double chance);
  void reset() { step_ = 0; }

private:
  unsigned step_ = 0;
};

}  // namespace topicloop::topic
