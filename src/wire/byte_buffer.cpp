// SPDX-License-Identifier: Apache-2.0
#include "wire/byte_buffer.hpp"

#include <grpcpp/support/slice.h>

#include <utility>
#include <vector>

namespace topicloop::wire {
namespace {

// Below this a copy costs less than the bookkeeping that avoids it.
constexpr std::size_t k_worth_sharing = 256;

using SharedBytes = std::shared_ptr<const std::string>;

void let_go(void* shared_bytes) {
  delete static_cast<SharedBytes*>(shared_bytes);
}

}  // namespace

grpc::ByteBuffer to_byte_buffer(std::string bytes) {
  if (bytes.size() >= k_worth_sharing) {
    return to_byte_buffer(std::make_shared<const std::string>(std::move(bytes)));
  }
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

grpc::ByteBuffer to_byte_buffer(std::shared_ptr<const std::string> bytes) {
  auto owner = std::make_unique<SharedBytes>(std::move(bytes));
  const std::string& shared = **owner;
  // gRPC's signature has no const; it does not write to slices it did not make.
  const grpc::Slice slice(const_cast<char*>(shared.data()), shared.size(), let_go, owner.release());
  return {&slice, 1};
}

std::string to_string(const grpc::ByteBuffer& buffer) {
  std::string bytes;
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const auto& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace topicloop::wire
