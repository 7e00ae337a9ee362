// SPDX-License-Identifier: Apache-2.0
#include "topic/rpc.hpp"

#include "base/address.hpp"
#include "base/small_file.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/grpc_setup.hpp"
#include "wire/methods.hpp"
#include "wire/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace topicloop::topic {

namespace {

// What the service's own SDKs accept.
constexpr int k_max_message_bytes = 10'486'000;

// Short enough that a stop is noticed while waiting for a connection.
constexpr std::chrono::milliseconds k_wait_slice{50};

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

grpc::ChannelArguments make_arguments(const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(k_max_message_bytes);
  arguments.SetMaxSendMessageSize(k_max_message_bytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // A peer that vanished without a word is noticed, as the service's own SDKs do it.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
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
    grpc::ChannelArguments arguments = make_arguments(endpoint);
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
  const auto give_up = std::chrono::steady_clock::now() + options_.wait;
  while (!topics_.channel->WaitForConnected(std::chrono::system_clock::now() + k_wait_slice)) {
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "stopped", ""};
    if (std::chrono::steady_clock::now() >= give_up) return why_unreachable(stop);
  }
  return {};
}

// A call fails at once with the reason the last attempt to connect failed for, if one has failed.
Result<void> Rpc::why_unreachable(const std::stop_token& stop) const {
  const auto answer =
      call(Host::Topics, wire::k_ping, "", stop, std::chrono::system_clock::now() + k_wait_slice);
  if (answer) return {};
  if (answer.error().kind == ErrorKind::DeadlineExceeded) {
    return wire::unreachable(topics_.endpoint, "no connection in the time given");
  }
  // Whoever answers at all is there; what it says is for the calls that follow.
  return answer.error().kind == ErrorKind::Unavailable ? Result<void>(answer.error())
                                                       : Result<void>();
}

Result<std::string> Rpc::call(Host host, std::string_view method, std::string request,
                              std::stop_token stop) const {
  return call(host, method, std::move(request), std::move(stop), deadline());
}

Result<std::string> Rpc::call(Host host, std::string_view method, std::string request,
                              std::stop_token stop,
                              std::chrono::system_clock::time_point deadline) const {
  const auto context = make_context();
  context->set_deadline(deadline);
  const std::stop_callback cancel(stop, [&] { context->TryCancel(); });

  grpc::CompletionQueue queue;
  grpc::ByteBuffer response;
  grpc::Status status;
  const auto reader = stub(host).PrepareUnaryCall(context.get(), std::string(method),
                                                  wire::to_byte_buffer(std::move(request)), &queue);
  reader->StartCall();
  reader->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return wire::from_status(status, endpoint(host));
  return wire::to_string(response);
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
