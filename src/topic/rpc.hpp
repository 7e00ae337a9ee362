// SPDX-License-Identifier: Apache-2.0
// The gRPC side of the topic client: channels, call contexts, unary calls. Inside this room only.
//
// Carries bytes; the wire room gives them meaning. Thread-safe.
#pragma once

#include "base/error.hpp"
#include "topic/connection.hpp"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace topicloop::topic {

// The hosted service keeps topics, their administration and tokens on different hosts.
enum class Host { Topics, Control, Token };

class Rpc {
public:
  // Opens no connection unless `options.wait` asks for it. Fails with BadInput for a CA file
  // without certificates or an API key that cannot be sent, Usage for one that others could read on
  // the way or a path too long for a socket, Unavailable if the wait was in vain, Cancelled on
  // stop. A wait ends at once where it is in vain: a certificate does not become trusted.
  static Result<std::shared_ptr<Rpc>> open(const ConnectionOptions& options, std::stop_token stop);

  // One request, one answer.
  Result<std::string> call(Host host, std::string_view method, std::string request,
                           std::stop_token stop) const;

  // What a call that failed with `status` is told as.
  Error error_of(const grpc::Status& status, Host host) const;

  // A context with the credentials set; without a deadline.
  std::unique_ptr<grpc::ClientContext> make_context() const;
  std::chrono::system_clock::time_point deadline() const;

  grpc::GenericStub& stub(Host host) const { return *side(host).stub; }
  const std::string& endpoint(Host host) const { return side(host).endpoint; }
  const std::string& api_key() const { return options_.api_key; }
  std::chrono::milliseconds timeout() const { return options_.timeout; }

private:
  struct Side {
    std::string endpoint;
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<grpc::GenericStub> stub;
  };

  explicit Rpc(ConnectionOptions options) : options_(std::move(options)) {}
  Result<void> open_channels();
  Result<void> wait_until_connected(const std::stop_token& stop) const;
  std::optional<Error> why_unreachable(const std::stop_token& stop) const;
  bool is_hopeless(const std::stop_token& stop) const;
  struct Answer {
    grpc::Status status;
    grpc::ByteBuffer bytes;
  };
  Answer call(Host host, std::string_view method, std::string request, const std::stop_token& stop,
              std::chrono::system_clock::time_point deadline) const;
  const Side& side(Host host) const;

  ConnectionOptions options_;
  Side topics_;
  Side control_;
  Side token_;
};

}  // namespace topicloop::topic
