// SPDX-License-Identifier: Apache-2.0
#include "cli/replay_target.hpp"

#include <utility>

namespace topicloop::cli {

void ReplayMailbox::put(ReplayEnd end) {
  const std::lock_guard lock(mutex_);
  ends_.push_back(std::move(end));
  filled_.notify_all();
}

std::vector<ReplayEnd> ReplayMailbox::take(Clock::time_point deadline,
                                           const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  // A wait that is over at once would still give the processor away.
  if (ends_.empty() && Clock::now() < deadline) {
    filled_.wait_until(lock, stop, deadline, [this] { return !ends_.empty(); });
  }
  return std::exchange(ends_, {});
}

}  // namespace topicloop::cli
