// SPDX-License-Identifier: Apache-2.0
// Sends HTTP requests: one event-driven thread, many in flight, each tried again as its policy
// says.
//
// The one sender of the program: of the service's webhooks, which get one attempt, and of
// `forward`. Hides libcurl. Connections are kept and reused; redirects are not followed; only http
// and https are spoken; a proxy from the environment is used except for this machine itself. What
// to send when, and what to do in the end, is the caller's business. Thread-safe.
#pragma once

#include "model/capture.hpp"
#include "webhook/request.hpp"
#include "webhook/retry.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace topicloop::webhook {

// How long a receiver may take in all, by Momento's documentation.
inline constexpr std::chrono::milliseconds k_delivery_timeout{5'000};

// How one attempt ended.
struct DeliveryOutcome {
  int status = 0;                        // HTTP status; 0 if there was no complete answer.
  std::string error = {};                // Why there was none, for people; empty if there was one.
  bool aborted = false;                  // Given up before its time: the engine was told to end.
  std::chrono::microseconds latency{0};  // To the end of the answer, from submit or its own start.
  std::uint64_t attempt = 1;             // Which one this was.
  std::string retry_after = {};          // The answer's header of this name.
  std::string body = {};                 // Of the answer, as much as was to be kept.
  model::HttpHeaders headers = {};       // Of the answer, if any of its body was to be kept.
  // There will be another attempt, after this; nothing: this was the last.
  std::optional<std::chrono::milliseconds> retry_in = {};
  bool timed_out = false;           // There was no complete answer within the attempt's time.
  std::string function_error = {};  // The answer's header X-Amz-Function-Error.

  bool delivered() const { return status >= 200 && status < 300; }
};

struct Delivery {
  // Makes the request, for each attempt anew: what is fired later is dated and signed later. On the
  // engine's thread.
  std::function<SignedRequest()> make_request;
  std::chrono::milliseconds timeout = k_delivery_timeout;  // Of each attempt.
  RetryPolicy retry = {};
  std::size_t keep_body = 0;  // Bytes of each answer's body that its outcome carries.
  // Tells what an answer means where that is not what its status says. May be empty.
  std::function<void(DeliveryOutcome&)> judge = {};
};

class DeliveryEngine {
public:
  // Runs on the engine's thread: must not block or throw, may submit.
  using Done = std::function<void(DeliveryOutcome)>;

  DeliveryEngine();
  DeliveryEngine(const DeliveryEngine&) = delete;
  DeliveryEngine& operator=(const DeliveryEngine&) = delete;
  // Aborts what is not finished, calling each `done`. What a `done` submits then is discarded.
  ~DeliveryEngine();

  // Starts a delivery and returns at once. `done` is called after each attempt, exactly once with
  // no retry to follow. The engine takes what it is given, each attempt in flight on a connection
  // of its own: callers bound how much they submit at a time.
  void submit(Delivery delivery, Done done);
  // One attempt; the answer's body is discarded.
  void submit(SignedRequest request, std::chrono::milliseconds timeout, Done done);

  // From now on nothing is tried again: what waits for its next attempt is aborted at once, what is
  // in flight ends with its attempt, as aborted if it would have been tried again.
  void end_retries();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::webhook
