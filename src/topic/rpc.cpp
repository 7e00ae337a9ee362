// SPDX-License-Identifier: Apache-2.0
#include "topic/rpc.hpp"

#include "base/address.hpp"
#include "base/small_file.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/connect_failure.hpp"
#include "wire/grpc_setup.hpp"
#include "wire/methods.hpp"
#include "wire/status.hpp"

#include <fmt/format.h>
#include <sys/un.h>

#include <algorithm>
#include <utility>

namespace topicloop::topic {

namespace {

// What the service's own SDKs accept.
constexpr int k_max_message_bytes = 10'486'000;

// Short enough that a stop is noticed while waiting for a connection.
constexpr std::chrono::milliseconds k_wait_slice{50};

// A service that is just starting is waited for without a word about it.
constexpr std::chrono::milliseconds k_quiet_wait{500};

Result<std::shared_ptr<grpc::ChannelCredentials>> make_credentials(
    const ConnectionOptions& options) {
  if (!options.tls) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions ssl;
  if (!options.ca_file.empty()) {
    auto content = read_small_file(options.ca_file);
    if (!content) return std::move(content).error();
    ssl.pem_root_certs = *std::move(content);
    // gRPC would take anything, and fail each call with an error that does not name the file.
    if (ssl.pem_root_certs.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
      return Error{ErrorKind::BadInput,
                   fmt::format("{}: holds no certificate in PEM form", options.ca_file), ""};
    }
  }
  return grpc::SslCredentials(ssl);
}

// gRPC ends the process when it is given metadata that it cannot send.
Result<void> check_api_key(std::string_view key) {
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::all_of(key.begin(), key.end(), is_printable)) return {};
  return Error{ErrorKind::BadInput,
               "the API key contains a line break or another character that no key has", ""};
}

bool is_on_this_machine(const std::string& endpoint) {
  const auto address = parse_address(endpoint, 443);
  return address && address->is_loopback();
}

// What is in plain text can be read by everybody on the way.
Result<void> check_secrecy(const ConnectionOptions& options) {
  if (options.tls || options.api_key.empty()) return {};
  for (const auto& endpoint :
       {options.endpoint, options.control_endpoint, options.token_endpoint}) {
    if (endpoint.empty() || is_on_this_machine(endpoint)) continue;
    return Error{ErrorKind::Usage,
                 fmt::format("the API key is not sent to {} in plain text", endpoint),
                 "connect with --tls or --cacert FILE, or without a key"};
  }
  return {};
}

// gRPC makes a channel of it on which each call fails with words that tell nobody.
Result<void> check_path(const std::string& endpoint) {
  const auto address = parse_address(endpoint, 443);
  constexpr std::size_t k_longest = sizeof(sockaddr_un::sun_path) - 1;
  if (!address || address->unix_path.size() <= k_longest) return {};
  return Error{
      ErrorKind::Usage,
      fmt::format("cannot connect to {}: the path is too long for a Unix socket", endpoint),
      fmt::format("a path has at most {} bytes; a relative one may do", k_longest)};
}

grpc::ChannelArguments make_arguments(const ConnectionOptions& options,
                                      const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(k_max_message_bytes);
  arguments.SetMaxSendMessageSize(k_max_message_bytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // A peer that vanished without a word is noticed, as the service's own SDKs do it.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(options.keepalive.count()));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                   static_cast<int>(options.keepalive_timeout.count()));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  if (is_on_this_machine(endpoint)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

// Names below localhost mean this machine (RFC 6761), which many resolvers do not know. The service
// is still asked for, and its certificate checked, by its name.
std::string target_of(const std::string& endpoint, grpc::ChannelArguments& arguments) {
  const auto address = parse_address(endpoint, 443);
  if (!address || !address->host.ends_with(".localhost")) return endpoint;
  arguments.SetSslTargetNameOverride(address->host);
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, endpoint);
  return fmt::format("127.0.0.1:{}", address->port);
}

}  // namespace

Result<std::shared_ptr<Rpc>> Rpc::open(const ConnectionOptions& options, std::stop_token stop) {
  wire::set_up_grpc();
  if (auto checked = check_api_key(options.api_key); !checked) return std::move(checked).error();
  if (auto secret = check_secrecy(options); !secret) return std::move(secret).error();
  if (auto path = check_path(options.endpoint); !path) return std::move(path).error();
  std::shared_ptr<Rpc> rpc(new Rpc(options));
  if (auto opened = rpc->open_channels(); !opened) return std::move(opened).error();
  if (options.wait > std::chrono::milliseconds::zero()) {
    if (auto waited = rpc->wait_until_connected(stop); !waited) return std::move(waited).error();
  }
  return rpc;
}

Result<void> Rpc::open_channels() {
  auto credentials = make_credentials(options_);
  if (!credentials) return std::move(credentials).error();
  const auto open = [&](const std::string& endpoint) {
    grpc::ChannelArguments arguments = make_arguments(options_, endpoint);
    const std::string target = target_of(endpoint, arguments);
    auto channel = grpc::CreateCustomChannel(target, *credentials, arguments);
    return Side{endpoint, channel, std::make_unique<grpc::GenericStub>(channel)};
  };
  const auto or_else = [](const std::string& endpoint, const std::string& other) {
    return endpoint.empty() ? other : endpoint;
  };
  topics_ = open(options_.endpoint);
  control_ = open(or_else(options_.control_endpoint, topics_.endpoint));
  token_ = open(or_else(options_.token_endpoint, control_.endpoint));
  return {};
}

const Rpc::Side& Rpc::side(Host host) const {
  switch (host) {
    case Host::Control:
      return control_;
    case Host::Token:
      return token_;
    case Host::Topics:
      break;
  }
  return topics_;
}

Result<void> Rpc::wait_until_connected(const std::stop_token& stop) const {
  const auto begin = std::chrono::steady_clock::now();
  bool is_told = !options_.on_waiting;
  while (!topics_.channel->WaitForConnected(std::chrono::system_clock::now() + k_wait_slice)) {
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "stopped", ""};
    const auto waited = std::chrono::steady_clock::now() - begin;
    if (waited >= options_.wait || is_hopeless(stop)) {
      if (auto why = why_unreachable(stop)) return *std::move(why);
      return {};
    }
    if (waited >= k_quiet_wait && !std::exchange(is_told, true)) options_.on_waiting();
  }
  return {};
}

// A call fails at once with the reason the last attempt to connect failed for, if one has failed.
std::optional<Error> Rpc::why_unreachable(const std::stop_token& stop) const {
  const grpc::Status status =
      call(Host::Topics, wire::k_ping, "", stop, std::chrono::system_clock::now() + k_wait_slice)
          .status;
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return wire::unreachable(topics_.endpoint, "no connection in the time given");
  }
  // Whoever answers at all is there; what it says is for the calls that follow.
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return std::nullopt;
  return wire::from_status(status, topics_.endpoint);
}

bool Rpc::is_hopeless(const std::stop_token& stop) const {
  if (topics_.channel->GetState(false) != GRPC_CHANNEL_TRANSIENT_FAILURE) return false;
  const auto answer =
      call(Host::Topics, wire::k_ping, "", stop, std::chrono::system_clock::now() + k_wait_slice);
  const auto failure = wire::connect_failure(answer.status, topics_.endpoint);
  return failure && !failure->may_pass;
}

Result<std::string> Rpc::call(Host host, std::string_view method, std::string request,
                              std::stop_token stop) const {
  const Answer answer = call(host, method, std::move(request), stop, deadline());
  if (!answer.status.ok()) return error_of(answer.status, host);
  return wire::to_string(answer.bytes);
}

Error Rpc::error_of(const grpc::Status& status, Host host) const {
  Error error = wire::from_status(status, endpoint(host));
  if (error.kind == ErrorKind::Unauthenticated && !options_.api_key.empty()) {
    error.help = "the key that was given is no good there, or no longer: get a new one";
  }
  return error;
}

Rpc::Answer Rpc::call(Host host, std::string_view method, std::string request,
                      const std::stop_token& stop,
                      std::chrono::system_clock::time_point deadline) const {
  const auto context = make_context();
  context->set_deadline(deadline);
  const std::stop_callback cancel(stop, [&] { context->TryCancel(); });

  grpc::CompletionQueue queue;
  Answer answer;
  const auto reader = stub(host).PrepareUnaryCall(context.get(), std::string(method),
                                                  wire::to_byte_buffer(std::move(request)), &queue);
  reader->StartCall();
  reader->Finish(&answer.bytes, &answer.status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return answer;
}

std::unique_ptr<grpc::ClientContext> Rpc::make_context() const {
  auto context = std::make_unique<grpc::ClientContext>();
  // Present even if empty, as the official SDKs send it to a local service.
  context->AddMetadata("authorization", options_.api_key);
  return context;
}

std::chrono::system_clock::time_point Rpc::deadline() const {
  return std::chrono::system_clock::now() + options_.timeout;
}

}  // namespace topicloop::topic
