// SPDX-License-Identifier: Apache-2.0
#include "sink/duplicates.hpp"

namespace topicloop::sink {

namespace {

Duplicates::Key key_of(const model::WebhookEvent& event) {
  return {event.cache, event.topic, event.topic_sequence_number, event.event_timestamp};
}

}  // namespace

bool Duplicates::begin(const model::WebhookEvent& event, Time now) {
  const Key key = key_of(event);
  std::unique_lock lock(mutex_);
  forget(now);
  for (;;) {
    const auto [found, is_new] = known_.try_emplace(key, false);
    if (is_new) return true;
    if (found->second) return false;
    finished_.wait(lock);
  }
}

void Duplicates::finish(const model::WebhookEvent& event, bool done, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(key_of(event));
  if (done) {
    found->second = true;
    in_order_.emplace_back(now, found);
    forget(now);
  } else {
    known_.erase(found);
  }
  finished_.notify_all();
}

void Duplicates::forget(Time now) {
  while (!in_order_.empty() &&
         (in_order_.front().first + memory_ <= now || in_order_.size() > capacity_)) {
    known_.erase(in_order_.front().second);
    in_order_.pop_front();
  }
}

}  // namespace topicloop::sink
