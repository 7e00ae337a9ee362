// SPDX-License-Identifier: Apache-2.0
#include "webhook/delivery.hpp"

#include "webhook/transfer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>
#include <utility>
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

// A delivery between two attempts, or in one.
struct Job {
  Delivery delivery;
  DeliveryEngine::Done done;
  Clock::time_point begin;  // Of the first attempt: when it was submitted.
  Clock::time_point attempt_begin = begin;
  std::uint64_t attempts = 1;  // The one to come or under way included.
};

void finish(const Job& job, DeliveryOutcome outcome) {
  outcome.attempt = job.attempts;
  outcome.latency =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - job.attempt_begin);
  job.done(std::move(outcome));
}

void abort_delivery(const Job& job) {
  finish(job, {.status = 0, .error = "aborted", .aborted = true});
}

void start_curl_once() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(code);
}

}  // namespace

struct DeliveryEngine::Impl {
  struct Flight {
    std::unique_ptr<Transfer> transfer;
    Job job;
  };

  const std::string no_proxy = no_proxy_list();

  std::mutex mutex;
  std::vector<Job> submitted;  // Guarded by the mutex, as are the two below.
  bool stopping = false;
  bool retrying = true;

  // The thread's own.
  std::unique_ptr<CURLM, FreeMulti> multi;
  std::unordered_map<CURL*, Flight> in_flight;
  std::multimap<Clock::time_point, Job> waiting;  // For their next attempt, by its time.
  bool may_retry = true;
  std::vector<std::unique_ptr<Transfer>> idle;
  std::minstd_rand random{std::random_device{}()};
  std::thread thread;

  void run();
  bool take_submitted(std::vector<Job>& jobs);
  void start(Job job);
  void start_due();
  void collect_finished();
  void on_attempt_over(Job job, DeliveryOutcome outcome);
  std::optional<std::chrono::milliseconds> wait_before_next(const Job& job,
                                                            const DeliveryOutcome& outcome);
  int poll_ms() const;
  void abort_waiting();
  void abort_all(std::vector<Job>& jobs);
  void wake_up() const { curl_multi_wakeup(multi.get()); }
};

void DeliveryEngine::Impl::run() {
  // Signals are for the program's other threads. libcurl over TLS may raise SIGPIPE.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);

  std::vector<Job> jobs;
  while (take_submitted(jobs)) {
    for (Job& job : jobs)
      start(std::move(job));
    jobs.clear();
    if (!may_retry) abort_waiting();
    start_due();
    int running = 0;
    curl_multi_perform(multi.get(), &running);
    collect_finished();
    curl_multi_poll(multi.get(), nullptr, 0, poll_ms(), nullptr);
  }
  abort_all(jobs);
}

bool DeliveryEngine::Impl::take_submitted(std::vector<Job>& jobs) {
  const std::lock_guard lock(mutex);
  jobs.swap(submitted);
  may_retry = retrying;
  return !stopping;
}

void DeliveryEngine::Impl::start(Job job) {
  std::unique_ptr<Transfer> transfer;
  if (idle.empty()) {
    transfer = std::make_unique<Transfer>(no_proxy);
  } else {
    transfer = std::move(idle.back());
    idle.pop_back();
  }
  const Delivery& delivery = job.delivery;
  auto ready = transfer->prepare(delivery.make_request(), delivery.timeout, delivery.keep_body);
  if (!ready) {  // Nor would it be the next time.
    finish(job, {.status = 0, .error = ready.error().message});
    return;
  }
  CURL* const handle = transfer->handle();
  in_flight.emplace(handle, Flight{std::move(transfer), std::move(job)});
  curl_multi_add_handle(multi.get(), handle);
}

void DeliveryEngine::Impl::start_due() {
  const auto now = Clock::now();
  while (!waiting.empty() && waiting.begin()->first <= now) {
    auto node = waiting.extract(waiting.begin());
    node.mapped().attempt_begin = now;
    ++node.mapped().attempts;
    start(std::move(node.mapped()));
  }
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
    outcome.timed_out = code == CURLE_OPERATION_TIMEDOUT;
    if (outcome.error.empty()) {
      outcome.status = flight.transfer->status();
      outcome.retry_after = flight.transfer->header("Retry-After");
      outcome.function_error = flight.transfer->header("X-Amz-Function-Error");
      outcome.body = flight.transfer->take_body();
      if (flight.job.delivery.keep_body > 0) outcome.headers = flight.transfer->headers();
    }
    if (idle.size() < k_idle_transfers) idle.push_back(std::move(flight.transfer));
    on_attempt_over(std::move(flight.job), std::move(outcome));
  }
}

void DeliveryEngine::Impl::on_attempt_over(Job job, DeliveryOutcome outcome) {
  if (job.delivery.judge) job.delivery.judge(outcome);
  if (!outcome.delivered()) outcome.retry_in = wait_before_next(job, outcome);
  if (!outcome.retry_in) {
    finish(job, std::move(outcome));
    return;
  }
  if (!may_retry) {
    outcome.retry_in.reset();
    outcome.aborted = true;
    finish(job, std::move(outcome));
    return;
  }
  const auto next = Clock::now() + *outcome.retry_in;
  finish(job, std::move(outcome));
  waiting.emplace(next, std::move(job));
}

std::optional<std::chrono::milliseconds> DeliveryEngine::Impl::wait_before_next(
    const Job& job, const DeliveryOutcome& outcome) {
  const FailedAttempt failed{.number = job.attempts,
                             .status = outcome.status,
                             .retry_after = outcome.retry_after,
                             .since_first = std::chrono::duration_cast<std::chrono::milliseconds>(
                                 Clock::now() - job.begin)};
  return wait_before_retry(job.delivery.retry, failed, std::chrono::system_clock::now(),
                           std::uniform_real_distribution<>(0, 1)(random));
}

int DeliveryEngine::Impl::poll_ms() const {
  if (waiting.empty()) return k_poll_ms;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(waiting.begin()->first - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, k_poll_ms));
}

void DeliveryEngine::Impl::abort_waiting() {
  for (auto& [time, job] : std::exchange(waiting, {}))
    abort_delivery(job);
}

void DeliveryEngine::Impl::abort_all(std::vector<Job>& jobs) {
  for (auto& [handle, flight] : in_flight) {
    curl_multi_remove_handle(multi.get(), handle);
    abort_delivery(flight.job);
  }
  for (const Job& job : jobs)
    abort_delivery(job);
  abort_waiting();
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
  impl_->wake_up();
  impl_->thread.join();
}

void DeliveryEngine::submit(Delivery delivery, Done done) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->submitted.push_back({std::move(delivery), std::move(done), Clock::now()});
    // Whoever made it non-empty has woken the thread already.
    if (impl_->submitted.size() > 1) return;
  }
  impl_->wake_up();
}

void DeliveryEngine::submit(SignedRequest request, std::chrono::milliseconds timeout, Done done) {
  auto make_once = [request = std::move(request)]() mutable { return std::move(request); };
  submit({.make_request = std::move(make_once), .timeout = timeout}, std::move(done));
}

void DeliveryEngine::end_retries() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->retrying = false;
  }
  impl_->wake_up();
}

}  // namespace topicloop::webhook
