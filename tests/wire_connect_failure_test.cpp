// SPDX-License-Identifier: Apache-2.0
#include "wire/connect_failure.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace topicloop;
using namespace topicloop::wire;
using grpc::StatusCode;

namespace {

const std::string k_layers =
    "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:8080: ";

struct Case {
  std::string text;
  std::string message;  // A part of it.
  std::string help;     // The same.
  bool may_pass;
};

}  // namespace

TEST_CASE("each reason for no connection is told in our words, with what to do about it") {
  for (const auto& [text, message, help, may_pass] : std::vector<Case>{
           {k_layers + "error:0A000086:SSL routines::certificate verify failed",
            "the certificate of the service at localhost:8080 is not accepted", "--cacert", false},
           {k_layers +
                "Ssl handshake failed: SSL_ERROR_SSL: error:06880006:asn1 encoding routines::EVP "
                "lib",
            "is not accepted", "--cacert", false},
           {k_layers + "Peer name 127.0.0.1 is not in peer certificate", "is for another name",
            "topicloop doctor", false},
           {k_layers + "error:0A00010B:SSL routines::wrong version number",
            "localhost:8080 does not speak TLS", "without --tls", false},
           {k_layers + "Trying to connect an http1.x server", "speaks HTTP/1.1 and not gRPC",
            "the port for gRPC", false},
           {k_layers + "error:0A000410:SSL routines::sslv3 alert handshake failure",
            "no TLS with the service at localhost:8080", "topicloop doctor", true},
           {k_layers + "Socket closed", "expects TLS", "--cacert", true},
           {k_layers + "Connection reset by peer", "expects TLS", "--cacert", true},
           {k_layers + "Failed to connect to remote host: Connection refused",
            "cannot reach the service at localhost:8080: Connection refused", "serve-topics", true},
           {"DNS resolution failed for localhost:8080: C-ares status is not ARES_SUCCESS "
            "qtype=AAAA "
            "name=localhost is_balancer=0: Domain name not found",
            "cannot look up the host of localhost:8080: Domain name not found", "spelt", true}}) {
    INFO(text);
    const auto failure = connect_failure({StatusCode::UNAVAILABLE, text}, "localhost:8080");
    REQUIRE(failure);
    INFO(failure->message << " / " << failure->help);
    CHECK(failure->message.find(message) != std::string::npos);
    CHECK(failure->help.find(help) != std::string::npos);
    CHECK(failure->may_pass == may_pass);
    for (const char* inside : {"0A0", "routines", "ARES", "http1.x"})
      CHECK(failure->message.find(inside) == std::string::npos);
  }
}

TEST_CASE("what a service says itself is no failure to connect") {
  CHECK_FALSE(connect_failure({StatusCode::UNAVAILABLE, "Socket closed"}, "h:1"));
  CHECK_FALSE(connect_failure({StatusCode::UNAVAILABLE, ""}, "h:1"));
  CHECK_FALSE(connect_failure({StatusCode::INTERNAL, k_layers + "Socket closed"}, "h:1"));
}
