// SPDX-License-Identifier: Apache-2.0
#include "webhook/chunk_decoder.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop::webhook;

namespace {

constexpr std::size_t k_max = 20;

// 200 stands for a body that is complete, 0 for one that is not.
int status_of(std::string_view bytes) {
  ChunkDecoder decoder(k_max);
  std::string body;
  if (const auto refusal = decoder.take(bytes, body)) return refusal->status;
  return decoder.is_complete() ? 200 : 0;
}

}  // namespace

TEST_CASE("chunks are put together and what follows them is left") {
  ChunkDecoder decoder(k_max);
  std::string body;
  std::string_view bytes = "5;a=\"b\"\r\nhello\r\n006 \r\n world\r\n0\r\nTrailer: x\r\n\r\nPOST /";
  CHECK_FALSE(decoder.take(bytes, body));
  CHECK(decoder.is_complete());
  CHECK(body == "hello world");
  CHECK(bytes == "POST /");
}

TEST_CASE("chunks may come byte by byte") {
  const std::string bytes = "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n";
  ChunkDecoder decoder(k_max);
  std::string body;
  std::string unread;
  for (const char byte : bytes) {
    CHECK_FALSE(decoder.is_complete());
    unread += byte;
    std::string_view rest = unread;
    CHECK_FALSE(decoder.take(rest, body));
    unread = rest;
  }
  CHECK(decoder.is_complete());
  CHECK(body == "01234567890123456789");
}

TEST_CASE("chunks that are malformed are refused") {
  for (const std::string_view bytes :
       {"-5\r\n", "+5\r\n", "0x5\r\n", "\r\n", " 5\r\n", "zz\r\n", "5\n", "5 5\r\n", "5;a\rb\r\n",
        "5\r\nhello!\r\n", "5\r\nhello\n", "0\r\n\n", "0\r\na: b\rc\r\n\r\n"}) {
    INFO(bytes);
    CHECK(status_of(bytes) == 400);
  }
}

TEST_CASE("more than the limit is refused when it is announced") {
  CHECK(status_of("14\r\n") == 0);
  CHECK(status_of("15\r\n") == 413);
  CHECK(status_of("a\r\n0123456789\r\nb\r\n") == 413);
  CHECK(status_of("ffffffffffffffff\r\n") == 413);
  CHECK(status_of("fffffffffffffffff\r\n") == 413);
}

TEST_CASE("what is sent between the parts of a body is bounded") {
  CHECK(status_of(std::string(10'000, '0')) == 400);
  const std::string extension = ";" + std::string(1'000, 'x') + "\r\n";
  std::string chunks;
  for (int i = 0; i < 17; ++i)
    chunks += "1" + extension + "x\r\n";
  CHECK(status_of(chunks) == 400);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 17; ++i)
    trailers += "x: " + std::string(1'000, 'x') + "\r\n";
  CHECK(status_of(trailers) == 400);
}
