// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"
#include "support/condition.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

using namespace topicloop;
using namespace topicloop::test;

namespace {

Arguments serve(const Arguments& more) {
  Arguments arguments{"serve-topics", "--listen", "127.0.0.1:0", "--cache", k_cache};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string endpoint_of(const Command& command) {
  return command.err().rest_of_line("serving topics on ");
}

Outcome publish(const Command& serving, const Arguments& more = {}) {
  Arguments arguments{"publish", "t", "v", "--local", endpoint_of(serving), "--cache", k_cache};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_command(arguments);
}

}  // namespace

TEST_CASE(
    "serve-topics that requires keys serves the holder of the one it wrote, and nobody else") {
  const TempDirectory directory;
  const std::string key_file = directory.file("admin.key");
  Command serving(serve({"--require-auth", "--admin-key-file", key_file}));
  const Outcome refused = publish(serving);
  CHECK(refused.exit_code == 5);
  CHECK(contains(refused.err, "--api-key-file"));
  CHECK(publish(serving, {"--api-key-file", key_file}).exit_code == 0);
  CHECK(run_command({"webhook", "list", "--local", endpoint_of(serving), "--cache", k_cache,
                     "--api-key-file", key_file})
            .exit_code == 0);

  struct stat status {};
  REQUIRE(::stat(key_file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  CHECK(serving.interrupt_and_wait() == 130);
  const std::string key = content_of(key_file);
  CHECK_FALSE(contains(serving.out().text() + serving.err().text(), key.substr(0, 20)));
}

TEST_CASE("with a secret in a file keys outlive the service, and without one they do not") {
  const TempDirectory directory;
  const std::string key = directory.file("admin.key");
  const std::string secret = directory.file("signing.secret");
  for (const bool kept : {true, false}) {
    Arguments first{"--require-auth", "--admin-key-file", key};
    if (kept) first.insert(first.end(), {"--auth-secret", secret});
    {
      Command serving(serve(first));
      CHECK(publish(serving, {"--api-key-file", key}).exit_code == 0);
    }
    Command again(serve({"--require-auth", "--auth-secret", secret}));
    CHECK(publish(again, {"--api-key-file", key}).exit_code == (kept ? 0 : 5));
  }
}

TEST_CASE("with a state directory keys outlive the service, and can be made with its secret") {
  const TempDirectory directory;
  const std::string state = directory.file("state");
  {
    Command serving(serve({"--require-auth", "--state", state, "--ready-file", state + ".up"}));
    REQUIRE(eventually([&] { return !content_of(state + ".up").empty(); }));
  }
  const Outcome made = run_command(
      {"token", "create", "--superuser", "--bare", "--auth-secret", state + "/auth-secret"});
  CHECK(made.exit_code == 0);
  const std::string key = directory.write("key", made.out);
  Command again(serve({"--require-auth", "--state", state}));
  CHECK(publish(again, {"--api-key-file", key}).exit_code == 0);
  CHECK(publish(again).exit_code == 5);
}

TEST_CASE("serve-topics that requires keys nobody could have is a usage error") {
  const Outcome outcome = run_command(serve({"--require-auth"}));
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "--admin-key-file"));
  CHECK(contains(outcome.err, "--auth-secret"));
}

TEST_CASE("a secret that others may read and a key file that cannot be written end serve-topics") {
  const TempDirectory directory;
  const std::string secret = directory.write("secret", std::string(64, 's'));
  REQUIRE(::chmod(secret.c_str(), 0644) == 0);
  const Outcome open = run_command(serve({"--auth-secret", secret}));
  CHECK(open.exit_code == 3);
  CHECK(contains(open.err, "chmod 600 " + secret));
  const Outcome unwritable = run_command(serve({"--admin-key-file", "/nonexistent/admin.key"}));
  CHECK(unwritable.exit_code == 3);
  CHECK(contains(unwritable.err, "/nonexistent/admin.key"));
}

TEST_CASE("serve-topics with a certificate serves TLS") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  const std::string cert = directory.write("cert.pem", made.server);
  const std::string key = directory.write("key.pem", made.server_key);
  Command serving(serve({"--tls-cert", cert, "--tls-key", key}));
  CHECK(publish(serving, {"--cacert", directory.write("ca.pem", made.authority)}).exit_code == 0);
  CHECK(publish(serving).exit_code == 4);
  CHECK(serving.interrupt_and_wait() == 130);
}

TEST_CASE("serve-topics warns of a certificate that has expired, and of no other") {
  const TempDirectory directory;
  for (const long valid_for : {-60L, 60L * 60L}) {
    const TestCertificates made = make_certificates({.valid_for = valid_for});
    const std::string cert = directory.write("cert.pem", made.server);
    Command serving(
        serve({"--tls-cert", cert, "--tls-key", directory.write("key.pem", made.server_key)}));
    serving.err().wait_for("  caches: ");
    const bool warns = contains(serving.err().text(), "warning: the certificate in " + cert);
    CHECK(warns == (valid_for < 0));
  }
}

TEST_CASE("serve-topics wants both a certificate and its key, and good ones") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  const std::string cert = directory.write("cert.pem", made.server);
  const std::string other = directory.write("other.pem", make_certificates().server_key);
  const Outcome no_key = run_command(serve({"--tls-cert", cert}));
  CHECK(no_key.exit_code == 2);
  CHECK(contains(no_key.err, "--tls-key"));
  const Outcome no_cert = run_command(serve({"--tls-key", other}));
  CHECK(no_cert.exit_code == 2);
  CHECK(contains(no_cert.err, "--tls-cert"));
  const Outcome mismatch = run_command(serve({"--tls-cert", cert, "--tls-key", other}));
  CHECK(mismatch.exit_code == 3);
  CHECK(contains(mismatch.err, other));
}
