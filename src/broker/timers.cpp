// SPDX-License-Identifier: Apache-2.0
#include "broker/timers.hpp"

namespace topicloop::broker {

Timers::Ticket Timers::add(Clock::time_point at, Work work) {
  const Ticket ticket{ended_ ? Clock::time_point() : at, ++last_id_};
  pending_.emplace(ticket, std::move(work));
  return ticket;
}

Timers::Clock::time_point Timers::next() const {
  return pending_.empty() ? Clock::time_point::max() : pending_.begin()->first.first;
}

void Timers::run(Clock::time_point now) {
  while (next() <= now && !pending_.empty()) {
    const auto due = pending_.extract(pending_.begin());
    due.mapped()();
  }
}

void Timers::end() {
  ended_ = true;
  run(Clock::time_point::max());
}

}  // namespace topicloop::broker
