// SPDX-License-Identifier: Apache-2.0
// gRPC calls by hand, for what topic::Client hides: request headers, trailers, single messages.
//
// Each waits for its own operations, for at most k_patience. Not thread-safe.
#pragma once

#include "support/service.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/methods.hpp"
#include "wire/pubsub.hpp"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace topicloop::test {

using Headers = std::map<std::string, std::string>;

// What a call ended with; `err` is its trailer of that name.
struct CallEnd {
  grpc::Status status;
  std::string err;

  grpc::StatusCode code() const { return status.error_code(); }
  std::string text() const { return status.error_message(); }
};

// One call that is sent one message; any number may come back.
class GrpcCall {
public:
  GrpcCall(const std::shared_ptr<grpc::Channel>& channel, std::string_view method,
           std::string request, const Headers& headers = {},
           std::chrono::milliseconds deadline = k_patience)
      : stub_(channel) {
    for (const auto& [name, value] : headers)
      context_.AddMetadata(name, value);
    context_.set_deadline(std::chrono::system_clock::now() + deadline);
    call_ = stub_.PrepareCall(&context_, std::string(method), &queue_);
    call_->StartCall(this);
    wait();
    call_->WriteLast(wire::to_byte_buffer(std::move(request)), grpc::WriteOptions(), this);
    wait();
  }

  // False if the call is over instead.
  bool next() {
    call_->Read(&message_, this);
    return wait();
  }

  std::string message() const { return wire::to_string(message_); }
  void cancel() { context_.TryCancel(); }

  // Skips messages that still come. How many did is in `messages`.
  CallEnd end() {
    while (next())
      ++messages;
    CallEnd end;
    call_->Finish(&end.status, this);
    wait();
    const auto& trailers = context_.GetServerTrailingMetadata();
    if (const auto found = trailers.find("err"); found != trailers.end())
      end.err = std::string(found->second.data(), found->second.size());
    return end;
  }

  std::size_t messages = 0;

private:
  bool wait() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);  // The call's deadline bounds it.
    return ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::ByteBuffer message_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

inline std::shared_ptr<grpc::Channel> channel_to(const Service& service) {
  return grpc::CreateChannel(service.broker.endpoint(), grpc::InsecureChannelCredentials());
}

inline std::string publish_request(const std::string& text = "x", const std::string& topic = "t",
                                   const std::string& cache = k_cache) {
  return wire::serialize(wire::PublishRequest{cache, topic, model::Value::text(text)});
}

inline std::string subscribe_request(const std::string& topic = "t") {
  return wire::serialize(wire::SubscribeRequest{k_cache, topic, {}});
}

}  // namespace topicloop::test
