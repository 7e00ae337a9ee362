// SPDX-License-Identifier: Apache-2.0
#include "wire/byte_buffer.hpp"

#include <grpcpp/support/slice.h>

#include <atomic>
#include <utility>
#include <vector>

namespace topicloop::wire {
namespace {

// Below this a copy costs less than the bookkeeping that avoids it.
constexpr std::size_t k_worth_sharing = 256;

// What a slice holds on to. gRPC lets go of it on whichever thread is last, and orders that by a
// reference count of its own, which no sanitizer sees; the flag orders it once more.
struct Held {
  std::shared_ptr<const std::string> bytes;
  std::atomic<bool> is_made = false;
};

void let_go(void* held) {
  auto* const mine = static_cast<Held*>(held);
  if (mine->is_made.load(std::memory_order_acquire)) delete mine;
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
  auto held = std::make_unique<Held>();
  held->bytes = std::move(bytes);
  const std::string& shared = *held->bytes;
  held->is_made.store(true, std::memory_order_release);
  // gRPC's signature has no const; it does not write to slices it did not make.
  const grpc::Slice slice(const_cast<char*>(shared.data()), shared.size(), let_go, held.release());
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
