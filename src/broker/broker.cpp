// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"

#include "base/address.hpp"
#include "broker/control_methods.hpp"
#include "broker/listen_check.hpp"
#include "broker/pubsub_calls.hpp"
#include "broker/webhooks.hpp"
#include "wire/grpc_setup.hpp"

#include <fmt/format.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <future>
#include <mutex>
#include <thread>
#include <utility>

namespace topicloop::broker {

namespace {

// What SDKs receive at most (Node's channel option).
constexpr int k_max_sent_bytes = 10'486'000;
// More than we accept, so that what is too large is refused by us, in words that SDKs know. Beyond
// this gRPC refuses by itself, as RESOURCE_EXHAUSTED too.
constexpr int k_max_received_bytes = 16 << 20;

// A page must be new after every restart and below 2^53; the time in milliseconds is both.
std::uint64_t first_page() {
  return static_cast<std::uint64_t>(to_epoch_ms(std::chrono::system_clock::now()));
}

void configure(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(k_max_received_bytes);
  builder.SetMaxSendMessageSize(k_max_sent_bytes);
  // Otherwise a second broker on the same port would start and share its connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // SDKs ping every 5 s, with or without calls, and take a GOAWAY for it as an outage.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 100);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Clients put a deadline meant for a subscription's first message on the whole stream. Enforcing
  // it is theirs to do: some do not want the stream to end.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_DEADLINE_CHECKS, 0);
}

}  // namespace

struct Broker::Impl {
  explicit Impl(BrokerOptions given)
      : options(std::move(given)),
        registry(first_page(), options.retention),
        topics(registry, access, options.limits),
        faults(options.faults) {}

  Result<void> start();
  void stop();

  std::mutex stopping;  // Several threads may stop; each returns when it is done.
  BrokerOptions options;
  std::string endpoint;
  PubsubService pubsub_service;
  grpc::AsyncGenericService generic_service;
  Registry registry;
  Access access;
  TopicsService topics;
  Faults faults;
  std::unique_ptr<EventLoop> loop;
  std::unique_ptr<Webhooks> webhooks;
  std::unique_ptr<PubsubFront> pubsub_front;
  std::unique_ptr<ControlFront> control_front;
  std::unique_ptr<grpc::Server> server;
  std::thread thread;
};

Result<void> Broker::Impl::start() {
  auto address = parse_address(options.address);
  if (!address) return std::move(address).error();
  for (const auto& cache : options.caches) {
    if (auto made = registry.create_cache(cache);
        !made && made.error().kind != ErrorKind::AlreadyExists) {
      return std::move(made).error();
    }
  }
  if (auto free = check_listen(*address); !free) return std::move(free).error();

  wire::set_up_grpc();
  grpc::ServerBuilder builder;
  configure(builder);
  int port = 0;
  builder.AddListeningPort(address->to_string(), grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&pubsub_service);
  builder.RegisterAsyncGenericService(&generic_service);
  loop = std::make_unique<EventLoop>(builder.AddCompletionQueue(), options.heartbeat_period);
  webhooks = std::make_unique<Webhooks>(
      registry, *loop, faults,
      WebhookOptions{options.webhook_concurrency, options.webhook_timeout, options.limits},
      options.on_delivery);
  server = builder.BuildAndStart();
  if (!server) {
    return Error{ErrorKind::Unavailable, fmt::format("cannot listen on {}", address->to_string()),
                 ""};
  }
  if (!address->is_unix()) address->port = static_cast<std::uint16_t>(port);
  endpoint = address->to_string();

  pubsub_front.reset(new PubsubFront{*loop, topics, pubsub_service, faults});
  control_front.reset(new ControlFront{*loop, access, generic_service,
                                       make_control_methods(registry, *webhooks, options.limits)});
  accept_publish_calls(*pubsub_front);
  accept_subscribe_calls(*pubsub_front);
  accept_control_calls(*control_front);
  thread = std::thread([this] { loop->run(); });
  return {};
}

void Broker::Impl::stop() {
  const std::lock_guard lock(stopping);
  if (!loop) return;
  if (server) {
    // Trailers with UNAVAILABLE, so that SDKs reconnect: they take an OK end for a reason to do so
    // without a pause, and a cancelled stream for its final end.
    loop->post([this] {
      loop->timers().end();
      registry.close({ErrorKind::Unavailable, "the service is shutting down", ""});
    });
    server->Shutdown(std::chrono::system_clock::now() + options.drain);

    std::promise<void> idle;
    loop->post([&] { webhooks->when_idle([&] { idle.set_value(); }); });
    idle.get_future().wait_for(options.drain);

    std::promise<void> stopped;
    loop->post([&] {
      webhooks->when_idle(nullptr);
      webhooks->stop();
      stopped.set_value();
    });
    stopped.get_future().wait();
  }
  loop->shut_down();
  if (!thread.joinable()) {
    loop->run();  // Never served: empty the queue here, as gRPC demands.
  } else {
    thread.join();
  }
  server.reset();
  webhooks.reset();
  loop.reset();
}

Result<Broker> Broker::start(BrokerOptions options) {
  Broker broker(std::make_unique<Impl>(std::move(options)));
  if (auto started = broker.impl_->start(); !started) return std::move(started).error();
  return broker;
}

Broker::Broker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Broker::Broker(Broker&&) noexcept = default;

Broker& Broker::operator=(Broker&& other) noexcept {
  stop();
  impl_ = std::move(other.impl_);
  return *this;
}

Broker::~Broker() {
  stop();
}

const std::string& Broker::endpoint() const {
  return impl_->endpoint;
}

void Broker::stop() {
  if (impl_) impl_->stop();
}

}  // namespace topicloop::broker
