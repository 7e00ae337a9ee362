// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"

#include "base/address.hpp"
#include "broker/control_methods.hpp"
#include "broker/http_front.hpp"
#include "broker/listen_check.hpp"
#include "broker/pubsub_calls.hpp"
#include "broker/state_store.hpp"
#include "broker/webhooks.hpp"
#include "wire/grpc_setup.hpp"
#include "wire/methods.hpp"

#include <fmt/format.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace topicloop::broker {

namespace {

// What SDKs receive at most (Node's channel option).
constexpr int k_max_sent_bytes = 10'486'000;
// More than we accept, so that what is too large is refused by us, in words that SDKs know. Beyond
// this gRPC refuses by itself, as RESOURCE_EXHAUSTED too.
constexpr int k_max_received_bytes = 16 << 20;
constexpr int k_max_metadata_bytes = 64 << 10;

// A page must be new after every restart and below 2^53; the time in milliseconds is both, unless
// the clock was set back: what was kept knows better.
std::uint64_t first_page(const std::optional<StateStore>& store) {
  const auto now = static_cast<std::uint64_t>(to_epoch_ms(std::chrono::system_clock::now()));
  return store ? std::max(now, store->state().next_page) : now;
}

Result<std::optional<StateStore>> open_store(const BrokerOptions& options) {
  if (options.state_directory.empty()) return std::optional<StateStore>();
  auto store = StateStore::open(options.state_directory, options.on_state_failure);
  if (!store) return std::move(store).error();
  return std::optional<StateStore>(*std::move(store));
}

void configure(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(k_max_received_bytes);
  builder.SetMaxSendMessageSize(k_max_sent_bytes);
  // A key says all it permits, which may be more than gRPC's own 8 KiB.
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, k_max_metadata_bytes);
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

Result<std::shared_ptr<grpc::ServerCredentials>> make_credentials(
    const std::optional<webhook::TlsFiles>& files) {
  if (!files) return grpc::InsecureServerCredentials();
  auto pem = webhook::read_tls_files(*files);
  if (!pem) return std::move(pem).error();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({std::move(pem->key), std::move(pem->certificate)});
  return grpc::SslServerCredentials(options);
}

}  // namespace

struct Broker::Impl {
  Impl(BrokerOptions given, std::optional<StateStore> opened)
      : options(std::move(given)),
        store(std::move(opened)),
        registry(first_page(store), options.retention) {}

  Result<void> start();
  Result<void> make_caches();
  Result<void> restore_webhooks();
  Result<void> start_http();
  void stop();

  std::mutex stopping;  // Several threads may stop; each returns when it is done.
  BrokerOptions options;
  std::string endpoint;
  std::vector<std::string> caches_at_start;
  std::optional<StateStore> store;
  Result<std::string> http_origin = Error{ErrorKind::FailedPrecondition, "HTTP is off", ""};
  Metrics metrics;
  PubsubService pubsub_service;
  grpc::AsyncGenericService generic_service;
  Registry registry;
  Access access{options.access};
  TopicsService topics{registry, access, options.limits};
  Faults faults{options.faults};
  std::unique_ptr<EventLoop> loop;
  std::unique_ptr<Webhooks> webhooks;
  std::unique_ptr<PubsubFront> pubsub_front;
  std::unique_ptr<ControlFront> control_front;
  std::unique_ptr<grpc::Server> server;
  std::thread thread;
  std::unique_ptr<HttpFront> http;
};

Result<void> Broker::Impl::start() {
  auto address = parse_address(options.address);
  if (!address) return std::move(address).error();
  auto credentials = make_credentials(options.tls);
  if (!credentials) return std::move(credentials).error();
  if (auto free = check_listen(*address); !free) return std::move(free).error();
  if (auto made = make_caches(); !made) return made;

  wire::set_up_grpc();
  grpc::ServerBuilder builder;
  configure(builder);
  int port = 0;
  builder.AddListeningPort(address->to_string(), *credentials, &port);
  builder.RegisterService(&pubsub_service);
  builder.RegisterAsyncGenericService(&generic_service);
  loop = std::make_unique<EventLoop>(builder.AddCompletionQueue(), options.heartbeat_period);
  webhooks = std::make_unique<Webhooks>(
      registry, *loop, faults,
      WebhookOptions{options.webhook_concurrency, options.webhook_timeout, options.limits},
      [this](const DeliveryReport& report) {
        metrics.count_delivery(report);
        if (options.on_delivery) options.on_delivery(report);
      });
  if (auto restored = restore_webhooks(); !restored) return restored;
  server = builder.BuildAndStart();
  if (!server) {
    return Error{ErrorKind::Unavailable, fmt::format("cannot listen on {}", address->to_string()),
                 ""};
  }
  if (!address->is_unix()) address->port = static_cast<std::uint16_t>(port);
  endpoint = address->to_string();

  pubsub_front.reset(new PubsubFront{*loop, topics, pubsub_service, faults,
                                     metrics.rpc(wire::k_publish), metrics.rpc(wire::k_subscribe)});
  control_front.reset(
      new ControlFront{*loop, registry, access, metrics, generic_service,
                       make_control_methods({registry, *webhooks, access, options.limits})});
  accept_publish_calls(*pubsub_front);
  accept_subscribe_calls(*pubsub_front);
  accept_control_calls(*control_front);
  thread = std::thread([this] { loop->run(); });
  return start_http();
}

Result<void> Broker::Impl::start_http() {
  if (options.http_address.empty()) return {};
  auto address = parse_address(options.http_address);
  if (!address) return std::move(address).error();
  auto started = HttpFront::start({*loop, registry, access, topics, *webhooks, metrics}, *address,
                                  {options.http_poll_timeout, options.tls});
  if (started) {
    http = *std::move(started);
    http_origin = http->origin();
  } else if (options.http_required || started.error().kind != ErrorKind::Unavailable) {
    return std::move(started).error();
  } else {
    http_origin = std::move(started).error();
  }
  return {};
}

Result<void> Broker::Impl::make_caches() {
  std::vector<std::string> names = options.caches;
  const auto& more = store && !store->is_new()
                         ? std::vector(store->state().caches.begin(), store->state().caches.end())
                         : options.first_caches;
  names.insert(names.end(), more.begin(), more.end());
  for (const auto& name : names) {
    if (auto made = registry.create_cache(name);
        !made && made.error().kind != ErrorKind::AlreadyExists) {
      return made;
    }
  }
  caches_at_start = registry.cache_names();
  if (!store) return {};
  // Also the pages just given out: the next service must not give them out again.
  auto kept = store->change([&](KeptState& state) {
    state.caches.insert(caches_at_start.begin(), caches_at_start.end());
    state.next_page = registry.next_page();
  });
  if (!kept) return Error{ErrorKind::BadInput, kept.error().message, ""};
  registry.keep_in(*store);
  return {};
}

Result<void> Broker::Impl::restore_webhooks() {
  if (!store) return {};
  for (const auto& [id, kept] : store->state().webhooks) {
    if (auto restored = webhooks->restore(kept); !restored) {
      return Error{
          ErrorKind::BadInput,
          fmt::format("webhook \"{}\" of cache \"{}\", kept in {}, cannot be used: {}", id.name,
                      id.cache, options.state_directory, restored.error().message),
          ""};
    }
  }
  webhooks->keep_in(*store);
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
    http.reset();  // Its threads wait for answers of the loop.
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
  auto store = open_store(options);
  if (!store) return std::move(store).error();
  Broker broker(std::make_unique<Impl>(std::move(options), *std::move(store)));
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

const std::vector<std::string>& Broker::caches() const {
  return impl_->caches_at_start;
}

const Result<std::string>& Broker::http_origin() const {
  return impl_->http_origin;
}

void Broker::stop() {
  if (impl_) impl_->stop();
}

}  // namespace topicloop::broker
