// SPDX-License-Identifier: Apache-2.0
// Work to be done later on the event loop's thread: delays that block nobody.
//
// Knows no clock: the loop says what time it is, and asks when to wake up. At shutdown nobody is to
// be waited for, so what is pending is then done at once. Belongs to the event loop's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace topicloop::broker {

class Timers {
public:
  using Clock = std::chrono::steady_clock;
  using Work = std::function<void()>;
  using Ticket = std::pair<Clock::time_point, std::uint64_t>;

  // `work` may add and remove others, but not its own ticket's.
  Ticket add(Clock::time_point at, Work work);
  // Nothing happens if its work has been done already.
  void remove(const Ticket& ticket) { pending_.erase(ticket); }

  // When run() has something to do; never if nothing is pending.
  Clock::time_point next() const;
  // Does all that is due, in order of time.
  void run(Clock::time_point now);

  // Does everything now. What is added from here on is due at once.
  void end();

private:
  bool ended_ = false;
  std::uint64_t last_id_ = 0;
  std::map<Ticket, Work> pending_;
};

}  // namespace topicloop::broker
