// SPDX-License-Identifier: Apache-2.0
// The receiver with a certificate, and what is not TLS sent to it.
#include "support/raw_client.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"
#include "support/webhook_target.hpp"
#include "webhook/receiver.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <httplib.h>

using namespace topicloop;
using namespace topicloop::webhook;
using namespace std::chrono_literals;
using test::event_now;
using test::RawClient;
using test::WebhookTarget;

namespace {

struct Files {
  test::TempDirectory directory;
  test::TestCertificates made = test::make_certificates();
  TlsFiles tls{directory.write("cert.pem", made.server),
               directory.write("key.pem", made.server_key)};
};

int post(httplib::SSLClient& client, const std::string& body) {
  const httplib::Headers signature{{"momento-signature", Signer("secret").sign(body)}};
  const auto answer = client.Post("/", signature, body, "application/json");
  return answer ? answer->status : 0;
}

}  // namespace

TEST_CASE("requests of all sizes are received over TLS on one connection") {
  const Files files;
  WebhookTarget target({.tls = files.tls});
  CHECK(target.receiver().url().starts_with("https://127.0.0.1:"));
  httplib::SSLClient client("127.0.0.1", target.receiver().port());
  client.enable_server_certificate_verification(false);
  client.set_keep_alive(true);
  for (const std::size_t size : {0U, 10'000U, 1'000'000U, 10U}) {
    model::WebhookEvent event = event_now("");
    event.text.assign(size, 'x');
    CHECK(post(client, to_json(event)) == 200);
  }
  CHECK(post(client, std::string(2U << 20U, 'x')) == 413);
  CHECK(post(client, to_json(event_now("after"))) == 200);
  REQUIRE(target.received().size() == 5);
  CHECK(target.received()[2].event.text.size() == 1'000'000);
}

TEST_CASE("senders that do not speak TLS are closed and keep nobody waiting") {
  const Files files;
  WebhookTarget target({.patience = {.head = 50ms}, .tls = files.tls});
  for (const std::string bytes : {"", "\x16\x03\x01", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    INFO(bytes);
    RawClient client(target.receiver().port());
    client.send(bytes);
    CHECK(client.receive_all().find("HTTP") == std::string::npos);
    CHECK(client.is_closed_by_peer());
  }
  CHECK(target.exchanges().empty());
}

TEST_CASE("stopping closes idle connections with TLS") {
  const Files files;
  WebhookTarget target({.tls = files.tls});
  httplib::SSLClient client("127.0.0.1", target.receiver().port());
  client.enable_server_certificate_verification(false);
  client.set_keep_alive(true);
  CHECK(post(client, to_json(event_now("x"))) == 200);
  target.receiver().stop();
  CHECK(post(client, to_json(event_now("x"))) == 0);
}

TEST_CASE("a receiver whose certificate is gone does not start") {
  const auto started =
      Receiver::start({.port = 0, .tls = TlsFiles{"/nonexistent/cert.pem", "/nonexistent/key.pem"}},
                      nullptr, nullptr);
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == ErrorKind::BadInput);
}
