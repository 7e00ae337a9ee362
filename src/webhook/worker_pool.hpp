// SPDX-License-Identifier: Apache-2.0
// Threads for connections, one each while it lasts: started when needed, reused when idle.
//
// An HTTP server that gives each connection a thread starves when a fixed pool is full of idle
// connections; this pool grows instead, up to its bound. At the bound `run` blocks until a thread
// is free: new connections then wait in the kernel's listen queue. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace topicloop::webhook {

class WorkerPool {
public:
  explicit WorkerPool(std::size_t max_threads);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();  // As stop().

  // Runs `job`, which must not throw, on a thread of its own.
  void run(std::function<void()> job);

  // Returns when every job handed to run() has ended. Nothing may call run() any more.
  void stop();

private:
  void work();

  const std::size_t max_threads_;
  std::mutex mutex_;  // Guards what follows.
  std::condition_variable has_job_;
  std::condition_variable has_room_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace topicloop::webhook
