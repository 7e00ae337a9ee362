// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_topics.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"
#include "support/test_sockets.hpp"
#include "topic/probe.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using topic::Probe;

namespace {

constexpr auto k_accept = [](ScriptedCall& call) { call.answer(""); };

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A service with such a certificate, and what a probe of it under this name finds out.
struct TlsService {
  explicit TlsService(const ServerCertificate& wanted)
      : made(make_certificates(wanted)), authority(directory.write("ca.pem", made.authority)) {}

  Result<Probe::Certificate> probe(const std::string& host, const std::string& ca_file) const {
    const std::string port = service.endpoint().substr(service.endpoint().find(':'));
    Probe probe(host + port, k_patience, {});
    must(probe.resolve());
    must(probe.connect());
    return probe.shake_hands(ca_file);
  }
  std::string problem(const std::string& host, const std::string& ca_file) const {
    const auto seen = probe(host, ca_file);
    if (seen) return "";
    CHECK(seen.error().kind == ErrorKind::Unavailable);
    return seen.error().message;
  }

  TempDirectory directory;
  TestCertificates made;
  std::string authority;
  ScriptedService service{k_accept, "127.0.0.1:0", [this] {
                            grpc::SslServerCredentialsOptions options;
                            options.pem_key_cert_pairs.push_back({made.server_key, made.server});
                            return grpc::SslServerCredentials(options);
                          }()};
};

}  // namespace

TEST_CASE("a probe goes all the way to a service whose certificate is good") {
  const TlsService service({.names = "DNS:cache.localhost,IP:127.0.0.1"});
  for (const std::string host : {"cache.localhost", "127.0.0.1"}) {
    const auto seen = service.probe(host, service.authority);
    REQUIRE(seen);
    CHECK(contains(seen->issuer, "topicloop test CA"));
    CHECK(seen->valid_until > std::chrono::system_clock::now());
  }
}

TEST_CASE("what is wrong with a certificate is named") {
  const TlsService service({.names = "DNS:cache.localhost,DNS:control.localhost"});
  const std::string other = service.directory.write("other.pem", make_certificates().authority);
  CHECK(contains(service.problem("cache.localhost", other), "an authority that is not trusted"));
  CHECK(contains(service.problem("cache.localhost", ""), "an authority that is not trusted"));
  CHECK(contains(service.problem("token.localhost", service.authority),
                 "is for cache.localhost, control.localhost, not for token.localhost"));
  CHECK(contains(service.problem("127.0.0.1", service.authority), "not for 127.0.0.1"));
  const TlsService expired({.valid_for = -60});
  CHECK(contains(expired.problem("127.0.0.1", expired.authority), "its certificate expired at "));
}

TEST_CASE("a file without authorities is BadInput and named") {
  const TlsService service(ServerCertificate{});
  const std::string text = service.directory.write("text.pem", "text");
  const auto seen = service.probe("127.0.0.1", text);
  REQUIRE_FALSE(seen);
  CHECK(seen.error().kind == ErrorKind::BadInput);
  CHECK(contains(seen.error().message, text));
}

TEST_CASE("a service that does not speak TLS, or nothing at all, is told from one that does") {
  const ScriptedService plain(k_accept);
  const SilentPort silent;
  for (const auto& [endpoint, why] : {std::pair{plain.endpoint(), "no TLS with"},
                                      std::pair{silent.endpoint(), "no answer in time"}}) {
    Probe probe(endpoint, std::chrono::milliseconds(200), {});
    must(probe.resolve());
    must(probe.connect());
    const auto seen = probe.shake_hands("");
    REQUIRE_FALSE(seen);
    INFO(seen.error().message);
    CHECK(contains(seen.error().message, why));
    CHECK(contains(seen.error().message, endpoint));
  }
}

TEST_CASE("a name that does not exist and an address where nobody listens are Unavailable") {
  Probe nameless("nosuch.invalid:443", k_patience, {});
  const auto looked_up = nameless.resolve();
  REQUIRE_FALSE(looked_up);
  CHECK(contains(looked_up.error().message, "cannot look up nosuch.invalid:443"));

  Probe nobody("127.0.0.1:1", k_patience, {});
  CHECK(must(nobody.resolve()) == "127.0.0.1");
  const auto connected = nobody.connect();
  REQUIRE_FALSE(connected);
  CHECK(connected.error().kind == ErrorKind::Unavailable);
  CHECK(contains(connected.error().message, "Connection refused"));
}

TEST_CASE("a Unix socket is reached too") {
  const TempDirectory directory;
  const std::string endpoint = "unix:" + directory.file("s");
  Probe before(endpoint, k_patience, {});
  CHECK(must(before.resolve()) == directory.file("s"));
  CHECK_FALSE(before.connect());
  const ScriptedService service(k_accept, endpoint);
  Probe probe(endpoint, k_patience, {});
  must(probe.resolve());
  CHECK(probe.connect());
  CHECK_FALSE(Probe("unix:/" + std::string(200, 'x'), k_patience, {}).resolve());
}

TEST_CASE("a probe that is stopped waits for nothing") {
  const SilentPort silent;
  std::stop_source stop;
  Probe probe(silent.endpoint(), std::chrono::hours(1), stop.get_token());
  must(probe.resolve());
  must(probe.connect());
  stop.request_stop();
  CHECK_FALSE(probe.shake_hands(""));
}
