// SPDX-License-Identifier: Apache-2.0
// Serialised messages in and out of gRPC, without copies where they would cost.
//
// A ByteBuffer is gRPC's list of reference-counted slices; gRPC never writes to them. The bytes
// live until the last of those who hold them, gRPC included, lets go, on whatever thread that is.
// Thread-safe.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <string>

namespace topicloop::wire {

// Takes `bytes` over: long ones are moved, short ones copied, as that is cheaper.
grpc::ByteBuffer to_byte_buffer(std::string bytes);

// Shares `bytes`, which must not be null, and never copies: for a message many readers get.
grpc::ByteBuffer to_byte_buffer(std::shared_ptr<const std::string> bytes);

// All slices in one string, copied once. Empty if `buffer` holds nothing.
std::string to_string(const grpc::ByteBuffer& buffer);

}  // namespace topicloop::wire
