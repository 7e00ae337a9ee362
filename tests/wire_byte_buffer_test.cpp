// SPDX-License-Identifier: Apache-2.0
#include "wire/byte_buffer.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <grpcpp/support/slice.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace topicloop::wire;
using namespace std::string_literals;

namespace {

// The one slice of a buffer that has one.
const void* first_byte(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  REQUIRE(buffer.TrySingleSlice(&slice).ok());
  return slice.begin();
}

std::string pattern(std::size_t length) {
  std::string bytes;
  for (std::size_t i = 0; i < length; ++i)
    bytes.push_back(static_cast<char>(i * 7));
  return bytes;
}

}  // namespace

TEST_CASE("bytes of any length go into a buffer and come back") {
  for (const std::size_t length : {0U, 1U, 23U, 24U, 255U, 256U, 257U, 4'096U, 3'000'000U}) {
    CAPTURE(length);
    const auto bytes = pattern(length);
    const auto moved = to_byte_buffer(bytes);
    CHECK(moved.Valid());
    CHECK(moved.Length() == length);
    CHECK((to_string(moved) == bytes));
    CHECK((to_string(to_byte_buffer(std::make_shared<const std::string>(bytes))) == bytes));
  }
}

TEST_CASE("null bytes are bytes like any other") {
  CHECK(to_string(to_byte_buffer("a\0b\0"s)) == "a\0b\0"s);
}

TEST_CASE("a long string is moved into the buffer and not copied") {
  auto bytes = pattern(10'000);
  const void* data = bytes.data();
  const auto buffer = to_byte_buffer(std::move(bytes));
  CHECK(first_byte(buffer) == data);
}

TEST_CASE("shared bytes are not copied and live until the last buffer lets go") {
  auto bytes = std::make_shared<const std::string>(pattern(1'000));
  const std::weak_ptr<const std::string> watch = bytes;
  const void* data = bytes->data();

  auto first = to_byte_buffer(bytes);
  auto second = to_byte_buffer(bytes);
  auto copy_of_first = first;
  CHECK(first_byte(first) == data);
  CHECK(first_byte(second) == data);
  CHECK(first_byte(copy_of_first) == data);

  bytes.reset();
  first.Clear();
  second.Clear();
  CHECK_FALSE(watch.expired());
  CHECK((to_string(copy_of_first) == pattern(1'000)));
  copy_of_first.Clear();
  CHECK(watch.expired());
}

TEST_CASE("a buffer of several slices becomes one string") {
  const std::vector<grpc::Slice> slices{grpc::Slice("first "s), grpc::Slice(),
                                        grpc::Slice(pattern(500)), grpc::Slice(" last"s)};
  const grpc::ByteBuffer buffer(slices.data(), slices.size());
  CHECK((to_string(buffer) == "first " + pattern(500) + " last"));
}

TEST_CASE("a buffer that holds nothing becomes an empty string") {
  CHECK(to_string(grpc::ByteBuffer()).empty());
}
