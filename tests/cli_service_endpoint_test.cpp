// SPDX-License-Identifier: Apache-2.0
#include "cli/service_endpoint.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::cli;

TEST_CASE("an endpoint is a host, with a port if it is not 443") {
  CHECK(*parse_service_endpoint("cell-4.prod.a.momentohq.com") ==
        ServiceEndpoint{"cell-4.prod.a.momentohq.com", 443});
  CHECK(*parse_service_endpoint("localhost:8443") == ServiceEndpoint{"localhost", 8443});
  CHECK(*parse_service_endpoint("[::1]:8443") == ServiceEndpoint{"::1", 8443});
}

TEST_CASE("what is copied along with an endpoint is understood") {
  for (const char* text :
       {"https://cell-4.a.momentohq.com", "cell-4.a.momentohq.com/", "cache.cell-4.a.momentohq.com",
        "https://api.cache.cell-4.a.momentohq.com/", "control.cell-4.a.momentohq.com:443",
        "token.cell-4.a.momentohq.com"}) {
    INFO(text);
    CHECK(parse_service_endpoint(text)->host == "cell-4.a.momentohq.com");
  }
  CHECK(parse_service_endpoint("cache.")->host == "cache.");
}

TEST_CASE("what is no endpoint is repeated with what would be one") {
  for (const std::string text : {"", "a b", "a:b", "a:0", ":8080", "a:b:c", "unix:/tmp/x", "h\xFF",
                                 "http://a.com", "https://a.com/path", "ftp://a.com", "a.com?x"}) {
    const auto endpoint = parse_service_endpoint(text);
    INFO(text);
    REQUIRE_FALSE(endpoint);
    CHECK(endpoint.error().kind == ErrorKind::Usage);
    CHECK(endpoint.error().message.starts_with("\"" + text + "\" is not an endpoint: "));
  }
  CHECK(parse_service_endpoint("http://a.com").error().message.ends_with("without http://"));
}

TEST_CASE("the hosts of a service are below its endpoint") {
  CHECK(hosts_of({"a.com", 443}, true) ==
        Hosts{"cache.a.com:443", "control.a.com:443", "token.a.com:443"});
  CHECK(hosts_of({"localhost", 8443}, true).control == "control.localhost:8443");
}

TEST_CASE("without TLS, and of an IP address, the hosts are the endpoint itself") {
  CHECK(hosts_of({"localhost", 8080}, false) ==
        Hosts{"localhost:8080", "localhost:8080", "localhost:8080"});
  CHECK(hosts_of({"192.0.2.1", 443}, true).topics == "192.0.2.1:443");
  CHECK(hosts_of({"::1", 443}, true).token == "[::1]:443");
}

TEST_CASE("an endpoint is on this machine if it can be nowhere else") {
  for (const char* host : {"localhost", "topics.localhost", "127.0.0.1", "::1"})
    CHECK(is_on_this_machine({host, 443}));
  for (const char* host : {"localhost.example.com", "127.example.com", "192.0.2.1"})
    CHECK_FALSE(is_on_this_machine({host, 443}));
}
