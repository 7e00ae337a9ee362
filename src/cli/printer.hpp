// SPDX-License-Identifier: Apache-2.0
// Shows what other threads report, on a thread of its own.
//
// Reports wait in a bounded queue, so neither a slow terminal nor a stopped pipe can hold up who
// reports them for long: see add() and offer(). Destruction shows what is left.
#pragma once

#include "base/bounded_queue.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>

namespace topicloop::cli {

template <typename Report>
class Printer {
public:
  explicit Printer(std::function<void(const Report&)> show)
      : show_(std::move(show)), thread_([this] {
          while (const auto report = queue_.pop())
            show_(*report);
        }) {}
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;
  ~Printer() { finish(); }

  // Waits for room.
  void add(Report report) { queue_.push(std::move(report)); }
  // Never waits: without room the report is not shown, only counted.
  void offer(Report report) {
    if (!queue_.try_push(std::move(report))) ++not_shown_;
  }
  std::uint64_t not_shown() const { return not_shown_; }

  // Shows what is left. Nothing may be added afterwards.
  void finish() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
  }

private:
  static constexpr std::size_t k_capacity = 16'384;

  std::function<void(const Report&)> show_;
  BoundedQueue<Report> queue_{k_capacity};
  std::atomic<std::uint64_t> not_shown_{0};
  std::thread thread_;
};

}  // namespace topicloop::cli
