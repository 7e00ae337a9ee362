// SPDX-License-Identifier: Apache-2.0
#include "broker/host_header.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using topicloop::broker::is_local_host;

TEST_CASE("addresses, localhost and names without a dot are of this machine") {
  for (const char* host : {"localhost", "localhost:9090", "LocalHost", "cache.localhost:9090",
                           "Cache.LOCALHOST", "topics", "topics:9090", "127.0.0.1", "10.0.0.7:9090",
                           "[::1]:9090", "[fe80::1.2.3.4]", ""}) {
    INFO(host);
    CHECK(is_local_host(host, "127.0.0.1"));
  }
}

TEST_CASE("names that anybody may give addresses to are not of this machine") {
  for (const char* host :
       {"example.com", "example.com:9090", "localhost.example.com", "127.0.0.1.example.com",
        "xlocalhost.", "1.2.3", "1.2.3.4.5", "example.com:[::1]", "a.localhost.com", "."}) {
    INFO(host);
    CHECK_FALSE(is_local_host(host, "127.0.0.1"));
  }
}

TEST_CASE("the name that is listened on is of this machine, in any case") {
  CHECK(is_local_host("Topics.Example.com:9090", "topics.example.COM"));
  CHECK_FALSE(is_local_host("other.example.com", "topics.example.com"));
}
