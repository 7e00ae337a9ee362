// SPDX-License-Identifier: Apache-2.0
#include "broker/key.hpp"
#include "support/command.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"
#include "support/test_sockets.hpp"
#include "support/tokens.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const std::string k_secret(64, 's');

struct Visit {
  explicit Visit(Arguments more) {
    more.insert(more.begin(), "doctor");
    more.insert(more.end(), {"-o", "json"});
    outcome = run_command(std::move(more));
  }

  nlohmann::json check(const std::string& name) const {
    for (const auto& record : outcome.records()) {
      if (record["type"] == "check" && record["name"] == name) return record;
    }
    return {{"status", "missing"}};
  }
  std::string status(const std::string& name) const { return check(name)["status"]; }
  bool says(const std::string& name, const std::string& part) const {
    const auto found = check(name);
    return contains(found["detail"].get<std::string>() + "\n" + found.value("help", ""), part);
  }
  nlohmann::json summary() const {
    for (const auto& record : outcome.records()) {
      if (record["type"] == "summary") return record;
    }
    return {};
  }

  Outcome outcome;
};

std::string key_that(const model::Permissions& permissions, long seconds_from_now = 3'600) {
  broker::Claims claims;
  claims.permissions = permissions;
  claims.token_id = "desk 7";
  claims.expires_at = std::chrono::system_clock::now() + std::chrono::seconds(seconds_from_now);
  return broker::sign_key(claims, k_secret);
}

Service guarded_service() {
  auto options = options_for_tests();
  options.access = {.required = true, .secret = k_secret};
  return Service(std::move(options));
}

}  // namespace

TEST_CASE("doctor finds nothing wrong with a service that works") {
  const Service service;
  const Visit visit(at(service, {}));
  INFO(visit.outcome.out << visit.outcome.err);
  CHECK(visit.outcome.exit_code == 0);
  for (const char* name : {"configuration", "key", "name lookup", "connection", "TLS",
                           "authorization", "cache", "topic", "administration", "ngrok"})
    CHECK(visit.status(name) == "ok");
  CHECK(visit.says("configuration", service.broker.endpoint()));
  CHECK(visit.summary()["fail"] == 0);
  CHECK_FALSE(contains(visit.outcome.out, "\"error\""));
}

TEST_CASE("doctor says which step fails, skips what needs it, and ends with that failure's code") {
  const Service service;
  const Service guarded = guarded_service();
  const TempDirectory directory;
  const std::string expired = directory.write("expired", key_that({.super_user = true}, -60));
  const std::string broken = directory.write("broken", "eyJhbGciOi.hunter2");
  const std::string& plain = service.broker.endpoint();
  const std::string& locked = guarded.broker.endpoint();
  const SilentPort silent;

  struct Case {
    Arguments arguments;
    std::string failing;
    std::string what;
    std::string next;  // Is skipped.
    int exit_code;
  };
  for (const auto& [arguments, failing, what, next, exit_code] : std::vector<Case>{
           {{"--profile", "work"}, "configuration", "\"work\"", "key", 3},
           {{"--api-key-file", broken}, "key", "2 parts between dots", "name lookup", 3},
           {{"--api-key-file", expired}, "key", "expired at", "name lookup", 5},
           {{"--endpoint", "nosuch.invalid"},
            "name lookup",
            "cache.nosuch.invalid",
            "connection",
            4},
           {{"--local", "127.0.0.1:1"}, "connection", "serve-topics", "TLS", 4},
           {{"--local", k_nowhere}, "connection", "No such file", "TLS", 4},
           {{"--local", plain, "--tls"}, "TLS", plain, "authorization", 4},
           {{"--local", silent.endpoint(), "--tls", "--connect-timeout", "50ms"},
            "TLS",
            "no answer in time",
            "authorization",
            4},
           {{"--local", silent.endpoint(), "--connect-timeout", "50ms"},
            "authorization",
            silent.endpoint(),
            "cache",
            4},
           {{"--local", locked}, "authorization", "--api-key-file", "cache", 5},
           {{"--local", locked, "--api-key-file", expired}, "authorization", "expired", "cache", 5},
           {{"--local", plain, "--cache", "nope"}, "cache", k_cache, "topic", 5},
       }) {
    const Visit visit(arguments);
    INFO(visit.outcome.out << visit.outcome.err);
    CHECK(visit.status(failing) == "fail");
    CHECK(visit.says(failing, what));
    CHECK(visit.status(next) == "skip");
    CHECK(visit.outcome.exit_code == exit_code);
    CHECK(visit.summary()["fail"] == 1);
    CHECK(visit.outcome.records().back()["type"] == "error");
    CHECK_FALSE(contains(visit.outcome.out + visit.outcome.err, "hunter2"));
  }
}

TEST_CASE("doctor describes the key and never shows it") {
  const Service guarded = guarded_service();
  const TempDirectory directory;
  const std::string key = key_that({.super_user = true});
  const std::string file = directory.write("key", v1_key("cell.example.com", key));
  const Visit visit(at(guarded, {"--api-key-file", file}));
  CHECK(visit.outcome.exit_code == 0);
  for (const char* part : {"V1 API key", "desk 7", "good until", file.c_str()})
    CHECK(visit.says("key", part));
  const std::string all = visit.outcome.out + visit.outcome.err;
  CHECK_FALSE(contains(all, key.substr(0, 30)));
  CHECK_FALSE(contains(all, key.substr(key.size() - 20)));
}

TEST_CASE("doctor takes a key for topics only as good, and says what it does not permit") {
  const Service guarded = guarded_service();
  const TempDirectory directory;
  const model::NameSelector cache{model::NameSelector::Kind::Exact, k_cache};
  const model::NameSelector topic{model::NameSelector::Kind::Exact, "orders"};
  const std::string file =
      directory.write("key", key_that({.topics = {{model::TopicRole::ReadOnly, cache, topic}}}));
  const Visit good(at(guarded, {"--api-key-file", file, "--topic", "orders"}));
  INFO(good.outcome.out << good.outcome.err);
  CHECK(good.outcome.exit_code == 0);
  CHECK(good.says("administration", "topics only"));
  const Visit other(at(guarded, {"--api-key-file", file}));
  CHECK(other.outcome.exit_code == 5);
  CHECK(other.status("authorization") == "ok");
  CHECK(other.status("topic") == "fail");
  CHECK(other.says("topic", "--topic"));
}

TEST_CASE("doctor names what is wrong with a certificate, and passes a good one") {
  const TempDirectory directory;
  const TestCertificates made =
      make_certificates({.names = "DNS:cache.topics.localhost,DNS:control.topics.localhost,"
                                  "DNS:token.topics.localhost"});
  auto options = options_for_tests();
  options.tls = webhook::TlsFiles{directory.write("cert.pem", made.server),
                                  directory.write("key.pem", made.server_key)};
  const auto broker = must(broker::Broker::start(std::move(options)));
  const std::string port = broker.endpoint().substr(broker.endpoint().find(':'));
  const std::string authority = directory.write("ca.pem", made.authority);
  const std::string other = directory.write("other.pem", make_certificates().authority);

  const Visit good(
      {"--endpoint", "topics.localhost" + port, "--cacert", authority, "--cache", k_cache});
  INFO(good.outcome.out << good.outcome.err);
  CHECK(good.outcome.exit_code == 0);
  CHECK(good.says("TLS", "token.topics.localhost" + port));
  CHECK(good.status("certificate") == "warn");  // It is valid for a day.

  const Visit distrusting({"--endpoint", "topics.localhost" + port, "--cacert", other});
  CHECK(distrusting.outcome.exit_code == 4);
  CHECK(distrusting.says("TLS", "not trusted"));
  CHECK(distrusting.says("TLS", "--cacert"));
  const Visit elsewhere({"--endpoint", "other.localhost" + port, "--cacert", authority});
  CHECK(elsewhere.outcome.exit_code == 4);
  CHECK(elsewhere.says("TLS", "not for cache.other.localhost"));
}

TEST_CASE("doctor says what to do where both sides do not speak the same") {
  const TempDirectory directory;
  const TestCertificates made = make_certificates();
  const TestCertificates old = make_certificates({.valid_for = -60});
  const auto serve = [&](const TestCertificates& certificates) {
    auto options = options_for_tests();
    options.tls = webhook::TlsFiles{directory.write("cert.pem", certificates.server),
                                    directory.write("key.pem", certificates.server_key)};
    return must(broker::Broker::start(std::move(options)));
  };
  const auto secure = serve(made);
  const auto expired = serve(old);
  auto with_http = options_for_tests();
  with_http.http_address = "127.0.0.1:0";
  const Service plain(std::move(with_http));
  const std::string http = plain.broker.http_origin()->substr(std::string("http://").size());

  const Visit in_plain_text({"--local", secure.endpoint()});
  CHECK(in_plain_text.says("authorization", "expects TLS"));
  CHECK(in_plain_text.says("authorization", "--cacert"));
  const Visit at_http({"--local", http});
  CHECK(at_http.says("authorization", "HTTP/1.1"));
  CHECK(at_http.says("authorization", "the port for gRPC"));
  const Visit with_tls({"--local", plain.broker.endpoint(), "--tls"});
  CHECK(with_tls.says("TLS", "without --tls"));
  const Visit too_late(
      {"--local", expired.endpoint(), "--cacert", directory.write("ca.pem", old.authority)});
  CHECK(too_late.says("TLS", "expired at"));
  CHECK(too_late.says("TLS", "renew the certificate"));
  for (const Visit* visit : {&in_plain_text, &at_http, &with_tls, &too_late}) {
    CHECK(visit->outcome.exit_code == 4);
    CHECK_FALSE(contains(visit->outcome.out, "`topicloop"));
  }
}

TEST_CASE("doctor passes on what was warned of, and is read by people too") {
  const Service service;
  const Outcome outcome = run_command(at(service, {"doctor", "--api-key", "0123-abc"}));
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.out, "warn  configuration   by --local: the service at "));
  CHECK(contains(outcome.out, "\n      help: others on this machine can see the key"));
  CHECK_FALSE(contains(outcome.out + outcome.err, "0123-abc"));
  CHECK(contains(outcome.err, " ok, "));
}
