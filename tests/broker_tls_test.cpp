// SPDX-License-Identifier: Apache-2.0
#include "support/service.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <httplib.h>

using namespace topicloop;
using namespace topicloop::test;
using model::Value;

TEST_CASE("a service with a certificate serves those who trust it, and nobody in plain text") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  auto options = options_for_tests();
  options.tls = webhook::TlsFiles{directory.write("cert.pem", made.server),
                                  directory.write("key.pem", made.server_key)};
  const auto broker = must(broker::Broker::start(std::move(options)));

  topic::ConnectionOptions connection;
  connection.endpoint = broker.endpoint();
  connection.timeout = k_patience;
  connection.tls = true;
  connection.ca_file = directory.write("ca.pem", made.authority);
  const auto client = must(topic::Client::connect(connection));
  auto subscription = must(client.subscribe(k_cache, "t"));
  must(client.publish(k_cache, "t", Value::text("hello")));
  CHECK(next_message(subscription).value.bytes == "hello");

  CHECK(client_of(broker.endpoint()).ping().error().kind == ErrorKind::Unavailable);
  connection.ca_file = directory.write("other.pem", make_certificates().authority);
  CHECK(must(topic::Client::connect(connection)).ping().error().kind == ErrorKind::Unavailable);
}

TEST_CASE("with a certificate the HTTP port speaks HTTPS and nothing else") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  auto options = options_for_tests();
  options.http_address = "127.0.0.1:0";
  options.tls = webhook::TlsFiles{directory.write("cert.pem", made.server),
                                  directory.write("key.pem", made.server_key)};
  const auto broker = must(broker::Broker::start(std::move(options)));
  const std::string origin = must(broker.http_origin());
  REQUIRE(origin.starts_with("https://"));
  httplib::Client https(origin);
  https.set_ca_cert_path(directory.write("ca.pem", made.authority).c_str());
  const auto answer = https.Get("/healthz");
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK_FALSE(httplib::Client("http" + origin.substr(5)).Get("/healthz"));
}

TEST_CASE("a service with a bad certificate does not start") {
  auto options = options_for_tests();
  options.tls = webhook::TlsFiles{"/nonexistent/cert.pem", "/nonexistent/key.pem"};
  const auto broker = broker::Broker::start(std::move(options));
  REQUIRE_FALSE(broker);
  CHECK(broker.error().kind == ErrorKind::BadInput);
  CHECK(broker.error().message.find("/nonexistent/cert.pem") != std::string::npos);
}
