// SPDX-License-Identifier: Apache-2.0
// What the service counts about itself while it runs, in Prometheus's text format.
//
// Hides prometheus-cpp. Counting is an addition: whoever counts often looks its meter up once.
// Meters and delivery() belong to the event loop's thread; the rest is thread-safe.
#pragma once

#include "broker/delivery_report.hpp"
#include "broker/state_report.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace topicloop::broker {

// The calls of one gRPC method.
class RpcMeter {
public:
  using Clock = std::chrono::steady_clock;

  virtual ~RpcMeter() = default;
  // How long it took until there was an answer; of a subscription, until it was accepted or not.
  virtual void count_handled(Clock::duration took) = 0;
  // A call is over; `code` is a gRPC status code.
  virtual void count_ended(int code) = 0;
};

class Metrics {
public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  // Of the method with this path, e.g. wire::k_publish. Lives as long as the metrics. Paths come
  // from a table, not from callers: every one is remembered.
  RpcMeter& rpc(std::string_view path);
  void count_delivery(const DeliveryReport& report);
  void count_http_answer(int status);

  // Everything counted, and what `state` says at this moment.
  std::string to_text(const StateReport& state) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What became of a delivery, as the metrics name it: delivered, refused_3xx (by class of status),
// failed (no complete answer) or aborted.
std::string outcome_of(const webhook::DeliveryOutcome& outcome);

}  // namespace topicloop::broker
