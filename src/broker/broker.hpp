// SPDX-License-Identifier: Apache-2.0
// A topic service inside this process: for development, tests and CI.
//
// Speaks the same gRPC protocol as the hosted service on one port, webhooks included, keeps the
// last messages of each topic in memory and forgets everything on destruction. A slow subscriber
// loses its oldest messages and is told so with a discontinuity; it never slows a publisher down.
// Thread-safe; does not throw.
#pragma once

#include "base/error.hpp"
#include "broker/access.hpp"
#include "broker/delivery_report.hpp"
#include "broker/fault_rule.hpp"
#include "broker/limits.hpp"
#include "broker/topic_log.hpp"
#include "webhook/tls_files.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace topicloop::broker {

struct BrokerOptions {
  std::string address = "127.0.0.1:0";  // HOST:PORT (port 0: pick a free one) or unix:PATH.
  std::vector<std::string> caches = {"default-cache"};  // Made at start.
  std::vector<std::string> first_caches;                // Made only if there is no state yet.
  // Caches, webhooks and secrets are kept here across restarts (StateStore); empty: nothing is.
  std::string state_directory;
  // A change that could not be kept, the first of each series: the caller was refused it. Called on
  // the broker's thread: must not block or throw.
  std::function<void(const Error&)> on_state_failure;
  Retention retention;                   // Per topic, for resume.
  std::optional<webhook::TlsFiles> tls;  // Without, all is in plain text.
  AccessOptions access;                  // By default anybody may do everything.
  std::size_t webhook_concurrency = 32;  // Deliveries under way per webhook; 1 keeps them in order.
  std::chrono::milliseconds webhook_timeout{5'000};
  std::chrono::milliseconds heartbeat_period{950};  // Per subscription.
  std::chrono::milliseconds drain{1'000};  // How long stop() waits for calls, then for deliveries.
  DeliveryObserver on_delivery;            // See DeliveryObserver.
  std::string http_address;   // HOST:PORT for HTTP (port 0: pick a free one); empty: no HTTP.
  bool http_required = true;  // False: serve without HTTP if its address cannot be had.
  std::chrono::milliseconds http_poll_timeout{30'000};  // How long a poll waits for a message.
  std::vector<Fault> faults;  // For everybody's calls, besides what calls ask for.
  Limits limits;
};

class Broker {
public:
  // Serving when it returns. Fails with Usage for a bad address, BadInput for bad TLS files,
  // Unavailable if an address cannot be listened on, and as StateStore::open() does.
  static Result<Broker> start(BrokerOptions options);

  Broker(Broker&&) noexcept;
  Broker& operator=(Broker&&) noexcept;
  ~Broker();  // As stop().

  // The address clients connect to, with the port actually bound.
  const std::string& endpoint() const;
  // Those it started with, in order.
  const std::vector<std::string>& caches() const;
  // The same for HTTP, e.g. "http://127.0.0.1:9090"; or why there is none, of kind Unavailable if
  // it was not required and could not be had.
  const Result<std::string>& http_origin() const;

  // Ends open subscriptions as UNAVAILABLE, waits a little for webhook deliveries under way and
  // stops serving. Further calls do nothing.
  void stop();

private:
  struct Impl;
  explicit Broker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::broker
