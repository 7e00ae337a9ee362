// SPDX-License-Identifier: Apache-2.0
#include "base/address.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;

TEST_CASE("addresses are read and written back in every form") {
  CHECK(parse_address("127.0.0.1:8080")->to_string() == "127.0.0.1:8080");
  CHECK(parse_address(":9000")->to_string() == "127.0.0.1:9000");
  CHECK(parse_address("localhost", 8080)->to_string() == "localhost:8080");
  CHECK(parse_address("[::1]:0")->to_string() == "[::1]:0");
  CHECK(parse_address("[::1]", 443)->to_string() == "[::1]:443");
  CHECK(parse_address("unix:/tmp/t.sock")->to_string() == "unix:/tmp/t.sock");
}

TEST_CASE("what is not an address is refused by name") {
  for (const char* text : {"", "host", "host:", "host:x", "host:70000", "host:-1", "::1:80",
                           "unix:", "a b:80", "http://host:80", "host:80x"}) {
    INFO(text);
    const auto address = parse_address(text);
    REQUIRE_FALSE(address);
    CHECK(address.error().kind == ErrorKind::Usage);
    CHECK(address.error().message.find(text) != std::string::npos);
  }
}

TEST_CASE("loopback addresses are known as such") {
  CHECK(parse_address("127.0.0.1:1")->is_loopback());
  CHECK(parse_address("[::1]:1")->is_loopback());
  CHECK(parse_address("localhost:1")->is_loopback());
  CHECK(parse_address("cache.localhost:1")->is_loopback());
  CHECK(parse_address("unix:/x")->is_loopback());
  CHECK_FALSE(parse_address("10.0.0.1:1")->is_loopback());
  CHECK_FALSE(parse_address("cache.example.com:443")->is_loopback());
  CHECK_FALSE(parse_address("127.example.com:1")->is_loopback());
  CHECK_FALSE(parse_address("notlocalhost:1")->is_loopback());
}
