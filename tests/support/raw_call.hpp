// SPDX-License-Identifier: Apache-2.0
// A unary gRPC call with any bytes as its request, for what no generated stub would send.
//
// On a connection of its own and without any authorization.
#pragma once

#include "wire/byte_buffer.hpp"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <string>
#include <string_view>

namespace topicloop::test {

inline grpc::Status raw_call(const std::string& endpoint, std::string_view method,
                             std::string request) {
  grpc::GenericStub stub(grpc::CreateChannel(endpoint, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::ByteBuffer answer;
  grpc::Status status;
  const auto reader = stub.PrepareUnaryCall(&context, std::string(method),
                                            wire::to_byte_buffer(std::move(request)), &queue);
  reader->StartCall();
  reader->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

}  // namespace topicloop::test
