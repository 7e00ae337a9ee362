// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_payload.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop::cli;

TEST_CASE("a benchmark's message has its size and carries its index") {
  for (const std::size_t size : {16, 17, 100, 1'000'000}) {
    const std::string payload = payload_of(1'234'567, size);
    CHECK(payload.size() == size);
    CHECK(index_in(payload) == 1'234'567);
  }
  CHECK(payload_of(42, 20) == "0000000000000042xxxx");
}

TEST_CASE("what is no benchmark's message has no index") {
  CHECK_FALSE(index_in(""));
  CHECK_FALSE(index_in("000000000000042"));
  CHECK_FALSE(index_in("00000000000000x2"));
  CHECK(index_in("0000000000000042XX") == 42);
}
