// SPDX-License-Identifier: Apache-2.0
// Sends HTTP POSTs: one event-driven thread, many requests in flight, one attempt for each.
//
// Hides libcurl. Connections are kept and reused; redirects are not followed; only http and https
// are spoken; a proxy from the environment is used except for this machine itself. What to send
// when, and what to do after a failure, is the caller's policy. Thread-safe.
#pragma once

#include "webhook/request.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace topicloop::webhook {

// How long a receiver may take in all, by Momento's documentation.
inline constexpr std::chrono::milliseconds k_delivery_timeout{5'000};

struct DeliveryOutcome {
  int status = 0;                        // HTTP status; 0 if there was no complete answer.
  std::string error;                     // Why there was none, for people; empty if there was one.
  bool aborted = false;                  // The engine was destroyed first.
  std::chrono::microseconds latency{0};  // From submit to the end of the answer.

  bool delivered() const { return status >= 200 && status < 300; }
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

  // Starts a delivery and returns at once. `done` is called exactly once; the answer's body is
  // discarded. The engine takes what it is given, each delivery in flight on a connection of its
  // own: callers bound how much they submit at a time.
  void submit(SignedRequest request, std::chrono::milliseconds timeout, Done done);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::webhook
