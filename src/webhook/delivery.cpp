// SPDX-License-Identifier: Apache-2.0
#include "webhook/delivery.hpp"

#include "webhook/transfer.hpp"

#include <curl/curl.h>

#include <csignal>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace topicloop::webhook {

namespace {

// Transfers kept for reuse; more than were ever in flight at once are never needed.
constexpr std::size_t k_idle_transfers = 64;
// The thread is woken for everything that matters; this only bounds a missed wake-up.
constexpr int k_poll_ms = 1'000;

using Clock = std::chrono::steady_clock;

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct Job {
  SignedRequest request;
  std::chrono::milliseconds timeout;
  DeliveryEngine::Done done;
  Clock::time_point submitted;
};

void finish(const DeliveryEngine::Done& done, DeliveryOutcome outcome, Clock::time_point since) {
  outcome.latency = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since);
  done(std::move(outcome));
}

void abort_delivery(const DeliveryEngine::Done& done, Clock::time_point since) {
  finish(done, {.status = 0, .error = "aborted", .aborted = true, .latency = {}}, since);
}

void start_curl_once() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(code);
}

}  // namespace

struct DeliveryEngine::Impl {
  struct Flight {
    std::unique_ptr<Transfer> transfer;
    Done done;
    Clock::time_point submitted;
  };

  const std::string no_proxy = no_proxy_list();

  std::mutex mutex;
  std::vector<Job> submitted;  // Guarded by the mutex, as is `stopping`.
  bool stopping = false;

  // The thread's own.
  std::unique_ptr<CURLM, FreeMulti> multi;
  std::unordered_map<CURL*, Flight> in_flight;
  std::vector<std::unique_ptr<Transfer>> idle;
  std::thread thread;

  void run();
  bool take_submitted(std::vector<Job>& jobs);
  void start(Job& job);
  void collect_finished();
  void abort_all(std::vector<Job>& jobs);
};

void DeliveryEngine::Impl::run() {
  // Signals are for the program's other threads. libcurl over TLS may raise SIGPIPE.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);

  std::vector<Job> jobs;
  while (take_submitted(jobs)) {
    for (Job& job : jobs)
      start(job);
    jobs.clear();
    int running = 0;
    curl_multi_perform(multi.get(), &running);
    collect_finished();
    curl_multi_poll(multi.get(), nullptr, 0, k_poll_ms, nullptr);
  }
  abort_all(jobs);
}

bool DeliveryEngine::Impl::take_submitted(std::vector<Job>& jobs) {
  const std::lock_guard lock(mutex);
  jobs.swap(submitted);
  return !stopping;
}

void DeliveryEngine::Impl::start(Job& job) {
  std::unique_ptr<Transfer> transfer;
  if (idle.empty()) {
    transfer = std::make_unique<Transfer>(no_proxy);
  } else {
    transfer = std::move(idle.back());
    idle.pop_back();
  }
  if (auto ready = transfer->prepare(std::move(job.request), job.timeout); !ready) {
    finish(job.done, {.status = 0, .error = ready.error().message, .latency = {}}, job.submitted);
    return;
  }
  CURL* const handle = transfer->handle();
  in_flight.emplace(handle, Flight{std::move(transfer), std::move(job.done), job.submitted});
  curl_multi_add_handle(multi.get(), handle);
}

void DeliveryEngine::Impl::collect_finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    // Removing the handle frees the message.
    const CURLcode code = message->data.result;
    CURL* const handle = message->easy_handle;
    curl_multi_remove_handle(multi.get(), handle);
    auto node = in_flight.extract(handle);
    Flight& flight = node.mapped();
    DeliveryOutcome outcome;
    outcome.error = flight.transfer->error(code);
    if (outcome.error.empty()) outcome.status = flight.transfer->status();
    if (idle.size() < k_idle_transfers) idle.push_back(std::move(flight.transfer));
    finish(flight.done, std::move(outcome), flight.submitted);
  }
}

void DeliveryEngine::Impl::abort_all(std::vector<Job>& jobs) {
  for (auto& [handle, flight] : in_flight) {
    curl_multi_remove_handle(multi.get(), handle);
    abort_delivery(flight.done, flight.submitted);
  }
  for (Job& job : jobs)
    abort_delivery(job.done, job.submitted);
}

DeliveryEngine::DeliveryEngine() {
  start_curl_once();
  impl_ = std::make_unique<Impl>();
  impl_->multi.reset(curl_multi_init());
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

DeliveryEngine::~DeliveryEngine() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  curl_multi_wakeup(impl_->multi.get());
  impl_->thread.join();
}

void DeliveryEngine::submit(SignedRequest request, std::chrono::milliseconds timeout, Done done) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->submitted.push_back({std::move(request), timeout, std::move(done), Clock::now()});
    // Whoever made it non-empty has woken the thread already.
    if (impl_->submitted.size() > 1) return;
  }
  curl_multi_wakeup(impl_->multi.get());
}

}  // namespace topicloop::webhook
