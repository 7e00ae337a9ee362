// SPDX-License-Identifier: Apache-2.0
// The broker's one thread: it polls one gRPC completion queue and owns all broker state.
//
// One poller is both simpler and, on few cores, faster than several (no locks, arrival order kept).
// Other threads hand work over with post(). Everything but post() belongs to the loop's thread.
#pragma once

#include "broker/timers.hpp"

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace topicloop::broker {

// What a completion queue gives back when an operation is done; `ok` as gRPC defines it.
class Completion {
public:
  explicit Completion(std::function<void(bool ok)> then) : then_(std::move(then)) {}
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  void complete(bool ok) { then_(ok); }

private:
  std::function<void(bool)> then_;
};

// Calls everyone registered once per period, each counted from its own registration. All periods
// are equal, so a queue in order of registration is also in order of time.
class Heartbeats {
public:
  using Clock = std::chrono::steady_clock;
  using Beat = std::function<void()>;
  struct Due {
    Clock::time_point at;
    Beat beat;
  };
  using Registration = std::list<Due>::iterator;

  // A period below 1 ms is 1 ms.
  explicit Heartbeats(Clock::duration period);

  Registration add(Clock::time_point now, Beat beat);
  void remove(Registration registration) { due_.erase(registration); }

  // When run() has something to do; never if nobody is registered.
  Clock::time_point next() const;
  // Calls all that are due. A beat may not add or remove registrations.
  void run(Clock::time_point now);

private:
  Clock::duration period_;
  std::list<Due> due_;
};

class EventLoop {
public:
  EventLoop(std::unique_ptr<grpc::ServerCompletionQueue> queue, Heartbeats::Clock::duration period);

  grpc::ServerCompletionQueue* queue() { return queue_.get(); }
  Heartbeats& heartbeats() { return heartbeats_; }
  Timers& timers() { return timers_; }

  // Runs `work` on the loop's thread, soon and in order. Thread-safe. False, and `work` dropped,
  // once the loop is shutting down.
  bool post(std::function<void()> work);

  // Polls until shut_down(), then until the last use is gone and the queue empty.
  void run();
  // Thread-safe. The gRPC server must have been shut down before: that is what ends the calls.
  void shut_down();

private:
  friend class LoopUse;

  void add(std::function<void()> work);
  void run_posted();

  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  Heartbeats heartbeats_;
  Timers timers_;
  std::size_t uses_ = 0;
  bool ending_ = false;

  std::mutex mutex_;  // Guards what follows.
  std::vector<std::function<void()>> posted_;
  bool wake_pending_ = false;
  bool closed_ = false;
  grpc::Alarm wake_alarm_;
  Completion woken_{[this](bool) { run_posted(); }};
};

// A member of whatever starts operations on the loop's queue. gRPC ends the process when one is
// started after the queue was shut down, so the loop waits for the last of these.
class LoopUse {
public:
  explicit LoopUse(EventLoop& loop) : loop_(loop) { ++loop_.uses_; }
  LoopUse(const LoopUse&) = delete;
  LoopUse& operator=(const LoopUse&) = delete;
  ~LoopUse() { --loop_.uses_; }

private:
  EventLoop& loop_;
};

}  // namespace topicloop::broker
