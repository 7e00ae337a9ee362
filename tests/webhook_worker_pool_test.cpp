// SPDX-License-Identifier: Apache-2.0
#include "support/condition.hpp"
#include "webhook/worker_pool.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>

using namespace topicloop::webhook;
using topicloop::test::eventually;

TEST_CASE("jobs that wait for each other all get a thread") {
  WorkerPool pool(8);
  std::latch all_there(8);
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i) {
    pool.run([&] {
      all_there.arrive_and_wait();
      ++done;
    });
  }
  CHECK(eventually([&] { return done == 8; }));
}

TEST_CASE("no more threads run than the bound allows") {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  {
    WorkerPool pool(3);
    for (int i = 0; i < 100; ++i) {
      pool.run([&] {
        const int now = ++running;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now))
          continue;
        {
          const std::lock_guard lock(mutex);
          threads.insert(std::this_thread::get_id());
        }
        --running;
      });
    }
  }
  CHECK(most <= 3);
  CHECK(threads.size() <= 3);
  CHECK_FALSE(threads.empty());
}

TEST_CASE("stopping waits for the jobs that were handed over") {
  std::atomic<int> done = 0;
  WorkerPool pool(2);
  for (int i = 0; i < 50; ++i)
    pool.run([&] { ++done; });
  pool.stop();
  CHECK(done == 50);
}
