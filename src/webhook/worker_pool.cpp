// SPDX-License-Identifier: Apache-2.0
#include "webhook/worker_pool.hpp"

#include <system_error>

namespace topicloop::webhook {

WorkerPool::WorkerPool(std::size_t max_threads) : max_threads_(max_threads) {}

WorkerPool::~WorkerPool() {
  stop();
}

void WorkerPool::run(std::function<void()> job) {
  std::unique_lock lock(mutex_);
  has_room_.wait(lock, [&] { return jobs_.size() < idle_ || threads_.size() < max_threads_; });
  jobs_.push_back(std::move(job));
  has_job_.notify_one();
  if (jobs_.size() <= idle_) return;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // The machine has no more threads to give: the job waits for a thread of ours, or for the next
    // run() to start one.
  }
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  has_job_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    has_room_.notify_one();
    has_job_.wait(lock, [&] { return !jobs_.empty() || stopping_; });
    --idle_;
    if (jobs_.empty()) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

}  // namespace topicloop::webhook
