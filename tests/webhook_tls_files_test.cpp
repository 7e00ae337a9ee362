// SPDX-License-Identifier: Apache-2.0
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"
#include "webhook/http_listener.hpp"
#include "webhook/tls_files.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <httplib.h>

using namespace topicloop;
using namespace topicloop::test;
using webhook::TlsFiles;

namespace {

void check_refused(const TlsFiles& files, const std::string& named, const std::string& why) {
  const auto read = webhook::read_tls_files(files);
  REQUIRE_FALSE(read);
  INFO(read.error().message);
  CHECK(read.error().kind == ErrorKind::BadInput);
  CHECK(read.error().message.starts_with(named + ": "));
  CHECK(read.error().message.find(why) != std::string::npos);
}

}  // namespace

TEST_CASE("a certificate and its key are read as they are") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  const std::string chain = made.server + made.authority;
  const TlsFiles files{directory.write("cert.pem", chain),
                       directory.write("key.pem", made.server_key)};
  const auto read = webhook::read_tls_files(files);
  REQUIRE(read);
  CHECK(read->certificate == chain);
  CHECK(read->key == made.server_key);
  CHECK(read->valid_until > std::chrono::system_clock::now());
}

TEST_CASE("TLS files that are no good are named with what is wrong with them") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  const std::string cert = directory.write("cert.pem", made.server);
  const std::string key = directory.write("key.pem", made.server_key);
  const std::string other_key = directory.write("other.pem", make_certificates().server_key);
  const std::string text = directory.write("text.pem", "not PEM at all");
  const std::string locked = directory.write(
      "locked.pem",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n");
  const std::string missing = directory.file("missing.pem");
  const std::string empty = directory.write("empty.pem", "");

  for (const auto& [unreadable, why] :
       {std::pair{missing, "No such file or directory"}, std::pair{empty, "is empty"},
        std::pair{directory.path(), "Is a directory"}}) {
    check_refused({unreadable, key}, unreadable, why);
    check_refused({cert, unreadable}, unreadable, why);
  }
  check_refused({"/dev/zero", key}, "/dev/zero", "has more than 1 MiB");
  check_refused({cert, "/dev/zero"}, "/dev/zero", "has more than 1 MiB");
  check_refused({text, key}, text, "holds no certificate");
  check_refused({key, key}, key, "holds no certificate");
  check_refused({cert, text}, text, "holds no private key");
  check_refused({cert, cert}, cert, "holds no private key");
  check_refused({cert, locked}, locked, "passphrase");
  check_refused({cert, other_key}, other_key,
                "is not the private key of the certificate in " + cert);
}

TEST_CASE("a listener with a certificate speaks HTTPS and says so") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  webhook::HttpListener listener(TlsFiles{directory.write("cert.pem", made.server),
                                          directory.write("key.pem", made.server_key)});
  listener.server().Get("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("hello", "text/plain");
  });
  REQUIRE(listener.start("127.0.0.1", 0));
  CHECK(listener.origin() == "https://127.0.0.1:" + std::to_string(listener.port()));

  // By name, as older versions of the client check no addresses in certificates.
  httplib::SSLClient client("localhost", listener.port());
  client.set_hostname_addr_map({{"localhost", "127.0.0.1"}});
  client.set_ca_cert_path(directory.write("ca.pem", made.authority).c_str());
  client.enable_server_certificate_verification(true);
  const auto answer = client.Get("/");
  REQUIRE(answer);
  CHECK(answer->body == "hello");

  httplib::SSLClient distrustful("localhost", listener.port());
  distrustful.set_hostname_addr_map({{"localhost", "127.0.0.1"}});
  distrustful.set_ca_cert_path(directory.write("other.pem", make_certificates().authority).c_str());
  distrustful.enable_server_certificate_verification(true);
  CHECK_FALSE(distrustful.Get("/"));

  httplib::Client plain("127.0.0.1", listener.port());
  const auto refused = plain.Get("/");
  CHECK((!refused || refused->body != "hello"));
}

TEST_CASE("a listener whose certificate is gone does not start") {
  webhook::HttpListener listener(TlsFiles{"/nonexistent/cert.pem", "/nonexistent/key.pem"});
  const auto started = listener.start("127.0.0.1", 0);
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == ErrorKind::BadInput);
}

TEST_CASE("a listener without a certificate speaks HTTP") {
  webhook::HttpListener listener;
  listener.server().Get("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("hello", "text/plain");
  });
  REQUIRE(listener.start("127.0.0.1", 0));
  CHECK(listener.origin() == "http://127.0.0.1:" + std::to_string(listener.port()));
  CHECK(httplib::Client("127.0.0.1", listener.port()).Get("/")->body == "hello");
}
