// SPDX-License-Identifier: Apache-2.0
#include "broker/event_loop.hpp"

#include <grpc/support/time.h>

#include <algorithm>
#include <utility>

namespace topicloop::broker {

// Of nothing at all, run() would never be done.
Heartbeats::Heartbeats(Clock::duration period)
    : period_(std::max<Clock::duration>(period, std::chrono::milliseconds(1))) {}

Heartbeats::Registration Heartbeats::add(Clock::time_point now, Beat beat) {
  return due_.insert(due_.end(), {now + period_, std::move(beat)});
}

Heartbeats::Clock::time_point Heartbeats::next() const {
  return due_.empty() ? Clock::time_point::max() : due_.front().at;
}

void Heartbeats::run(Clock::time_point now) {
  while (!due_.empty() && due_.front().at <= now) {
    due_.front().beat();
    due_.front().at = now + period_;
    due_.splice(due_.end(), due_, due_.begin());
  }
}

EventLoop::EventLoop(std::unique_ptr<grpc::ServerCompletionQueue> queue,
                     Heartbeats::Clock::duration period)
    : queue_(std::move(queue)), heartbeats_(period) {}

bool EventLoop::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  add(std::move(work));
  return true;
}

void EventLoop::add(std::function<void()> work) {
  posted_.push_back(std::move(work));
  if (std::exchange(wake_pending_, true)) return;
  wake_alarm_.Set(queue_.get(), gpr_now(GPR_CLOCK_MONOTONIC), &woken_);
}

void EventLoop::run_posted() {
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
    wake_pending_ = false;
  }
  for (const auto& item : work)
    item();
}

void EventLoop::run() {
  using Clock = Heartbeats::Clock;
  constexpr auto k_longest_wait = std::chrono::hours(1);
  while (true) {
    if (ending_ && uses_ == 0) {
      ending_ = false;
      queue_->Shutdown();
    }
    const auto now = Clock::now();
    heartbeats_.run(now);
    timers_.run(now);
    const auto next = std::min(heartbeats_.next(), timers_.next());
    const auto wait = std::min<Clock::duration>(next - now, k_longest_wait);
    void* tag = nullptr;
    bool ok = false;
    const auto micros = std::chrono::ceil<std::chrono::microseconds>(wait).count();
    const auto deadline =
        gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(micros, GPR_TIMESPAN));
    const auto status = queue_->AsyncNext(&tag, &ok, deadline);
    if (status == grpc::CompletionQueue::SHUTDOWN) return;
    if (status == grpc::CompletionQueue::GOT_EVENT) static_cast<Completion*>(tag)->complete(ok);
  }
}

void EventLoop::shut_down() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(closed_, true)) return;
  add([this] { ending_ = true; });
}

}  // namespace topicloop::broker
