// SPDX-License-Identifier: Apache-2.0
// The service's HTTP port: topics, health, metrics, state and the switches for test suites.
//
// Hides the HTTP library. Its threads never touch what belongs to the event loop: they ask the loop
// and wait. Keys are judged as everywhere (broker/access). Must end before the loop shuts down and
// after Registry::close(), which is what ends waiting polls.
#pragma once

#include "base/address.hpp"
#include "broker/access.hpp"
#include "broker/event_loop.hpp"
#include "broker/metrics.hpp"
#include "broker/registry.hpp"
#include "broker/topics_service.hpp"
#include "broker/webhooks.hpp"
#include "webhook/tls_files.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace topicloop::broker {

// What it is the front of; outlives it.
struct HttpService {
  EventLoop& loop;
  Registry& registry;
  Access& access;
  TopicsService& topics;
  Webhooks& webhooks;
  Metrics& metrics;
};

struct HttpFrontOptions {
  std::chrono::milliseconds poll_timeout{30'000};
  std::optional<webhook::TlsFiles> tls;  // Without, it speaks plain HTTP.
};

class HttpFront {
public:
  // Serving when it returns. Fails with Usage for a Unix socket and Unavailable, naming the
  // address, if it cannot be listened on. The loop must be running.
  static Result<std::unique_ptr<HttpFront>> start(const HttpService& service,
                                                  const Address& address,
                                                  const HttpFrontOptions& options);
  HttpFront(const HttpFront&) = delete;
  HttpFront& operator=(const HttpFront&) = delete;
  ~HttpFront();  // Answers what is in progress; as HttpListener::stop().

  // "http://127.0.0.1:9090" (or https), with the port actually bound.
  std::string origin() const;

private:
  struct Impl;
  explicit HttpFront(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::broker
