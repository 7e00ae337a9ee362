// SPDX-License-Identifier: Apache-2.0
#include "broker/key.hpp"
#include "cli/service_choice.hpp"
#include "support/command.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"
#include "support/tokens.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

using namespace topicloop;
using namespace topicloop::cli;
using namespace topicloop::test;

namespace {

const SystemTime k_now = at_second(1'800'000'000);
constexpr const char* k_cell = "cell.example.com";

ServiceChoice choose(const ConnectionFlags& flags = {}) {
  return choose_service(flags, k_now);
}

Error refusal(const ConnectionFlags& flags = {}) {
  try {
    choose(flags);
  } catch (const CommandError& failure) {
    return failure.error();
  }
  throw std::runtime_error("the choice was not refused");
}

ConnectionFlags with(std::string ConnectionFlags::*flag, const std::string& value) {
  ConnectionFlags flags;
  flags.*flag = value;
  return flags;
}

// A directory of the momento CLI that the environment names.
struct Momento {
  Momento(const std::string& credentials, const std::string& config = "") {
    ::chmod(directory.write("credentials", credentials).c_str(), 0600);
    directory.write("config", config);
  }
  TempDirectory directory;
  Variable variable{"MOMENTO_CONFIG_DIR", directory.path()};
};

std::string v2_key() {
  return token(R"({"t":"g"})");
}

std::string profile(const std::string& name, const std::string& key) {
  return "[" + name + "]\ntoken=" + v1_key(name + ".com", key) + "\n";
}

}  // namespace

TEST_CASE("nothing configured is the local service, without a key") {
  const auto choice = choose();
  CHECK(choice.connection.endpoint == "127.0.0.1:8080");
  CHECK(choice.connection.api_key.empty());
  CHECK_FALSE(choice.connection.tls);
  CHECK(choice.warnings.empty());
}

TEST_CASE("what says which service comes in its order: local, file, environment, profile") {
  const TempDirectory directory;
  const Momento momento(profile("default", "default-key") + profile("work", "work-key"));
  CHECK(choose().connection.endpoint == "cache.default.com:443");
  CHECK(choose().connection.api_key == "default-key");
  CHECK(choose(with(&ConnectionFlags::profile, "work")).connection.api_key == "work-key");

  const Variable name("MOMENTO_PROFILE", "work");
  CHECK(choose().connection.endpoint == "cache.work.com:443");
  CHECK(choose(with(&ConnectionFlags::profile, "default")).connection.api_key == "default-key");

  const Variable key("MOMENTO_API_KEY", v1_key("env.com", "env-key"));
  CHECK(choose().connection.endpoint == "cache.env.com:443");
  const auto both = choose(with(&ConnectionFlags::profile, "work"));
  CHECK(both.connection.api_key == "env-key");
  REQUIRE(both.warnings.size() == 1);
  CHECK(contains(both.warnings[0], "--profile work is not used: MOMENTO_API_KEY"));

  auto file =
      with(&ConnectionFlags::api_key_file, directory.write("key", v1_key("file.com", "file-key")));
  CHECK(choose(file).connection.endpoint == "cache.file.com:443");

  const Variable local("TOPICLOOP_LOCAL", "127.0.0.1:7000");
  CHECK(choose(file).connection.endpoint == "127.0.0.1:7000");
  CHECK(choose(file).connection.api_key == "file-key");
  file.local = "127.0.0.1:7001";
  CHECK(choose(file).connection.endpoint == "127.0.0.1:7001");
  CHECK(choose(file).connection.control_endpoint.empty());
  CHECK_FALSE(choose(file).connection.tls);
}

TEST_CASE("a hosted service is three hosts with TLS") {
  const Variable key("MOMENTO_API_KEY", v1_key(k_cell, "k"));
  const auto connection = choose().connection;
  CHECK(connection.endpoint == "cache.cell.example.com:443");
  CHECK(connection.control_endpoint == "control.cell.example.com:443");
  CHECK(connection.token_endpoint == "token.cell.example.com:443");
  CHECK(connection.tls);
  CHECK(connection.ca_file.empty());
  CHECK(choose(with(&ConnectionFlags::ca_file, "ca.pem")).connection.ca_file == "ca.pem");
}

TEST_CASE("a V2 key needs an endpoint: a flag's, the profile's or the environment's") {
  {
    const Variable key("MOMENTO_API_KEY", v2_key());
    const Error error = refusal();
    CHECK(error.kind == ErrorKind::Usage);
    CHECK(contains(error.message, "MOMENTO_API_KEY (V2 API key)"));
    CHECK(contains(error.help, "--endpoint"));
    const auto flag = choose(with(&ConnectionFlags::endpoint, "https://cache.flag.com/"));
    CHECK(flag.connection.control_endpoint == "control.flag.com:443");
    CHECK(flag.connection.api_key == v2_key());
    const Variable endpoint("MOMENTO_ENDPOINT", k_cell);
    CHECK(choose().connection.endpoint == "cache.cell.example.com:443");
    const Variable bad("MOMENTO_ENDPOINT", "a b");
    CHECK(contains(refusal().message, "MOMENTO_ENDPOINT"));
  }
  const Momento momento("[default]\napi_key_v2=" + v2_key() + "\nendpoint=profile.com\n");
  const Variable endpoint("MOMENTO_ENDPOINT", k_cell);
  CHECK(choose().connection.endpoint == "cache.profile.com:443");
  CHECK(choose(with(&ConnectionFlags::endpoint, "flag.com")).connection.endpoint ==
        "cache.flag.com:443");
}

TEST_CASE("a V1 key's own endpoint gives way to the flag, not to the environment") {
  const Variable key("MOMENTO_API_KEY", v1_key("key.com", "k"));
  const Variable endpoint("MOMENTO_ENDPOINT", k_cell);
  CHECK(choose().connection.endpoint == "cache.key.com:443");
  CHECK(choose(with(&ConnectionFlags::endpoint, "flag.com:8443")).connection.endpoint ==
        "cache.flag.com:8443");
}

TEST_CASE("a legacy token leads to the hosts it names") {
  const Variable key("MOMENTO_API_KEY", token(R"({"c":"cache.x.com","cp":"control.x.com"})"));
  const auto connection = choose().connection;
  CHECK(connection.endpoint == "cache.x.com:443");
  CHECK(connection.control_endpoint == "control.x.com:443");
  CHECK(connection.token_endpoint == "cache.x.com:443");
  CHECK(connection.tls);
}

TEST_CASE("a key of a local service is for the local service unless something says otherwise") {
  const std::string bare = broker::sign_key({}, "secret");
  const Variable key("MOMENTO_API_KEY", bare);
  CHECK(choose().connection.endpoint == "127.0.0.1:8080");
  CHECK(choose().connection.api_key == bare);
  CHECK_FALSE(choose().connection.tls);
  CHECK(choose(with(&ConnectionFlags::endpoint, k_cell)).connection.tls);

  const Variable credential("MOMENTO_API_KEY", v1_key("localhost:7000", bare));
  CHECK(choose().connection.endpoint == "localhost:7000");
  CHECK_FALSE(choose().connection.tls);
  const auto tls = choose(with(&ConnectionFlags::ca_file, "ca.pem")).connection;
  CHECK(tls.endpoint == "cache.localhost:7000");
  CHECK(tls.tls);
}

TEST_CASE("a key that says nothing is not sent anywhere") {
  for (const std::string& text : {std::string("0123-abc"), token(R"({"sub":"x"})")}) {
    const Variable key("MOMENTO_API_KEY", text);
    const Error error = refusal();
    CHECK(error.kind == ErrorKind::Usage);
    CHECK(contains(error.help, "--endpoint HOST"));
    CHECK(contains(error.help, "--local"));
    CHECK_FALSE(contains(error.message + error.help, text));
    CHECK(choose(with(&ConnectionFlags::local, "127.0.0.1:1")).connection.api_key == text);
  }
}

TEST_CASE("an expired key is told with its date; a local service judges by itself") {
  const std::string expired = token(R"({"t":"g","exp":1799999999})");
  const Variable endpoint("MOMENTO_ENDPOINT", k_cell);
  const Variable key("MOMENTO_API_KEY", expired);
  const Error error = refusal();
  CHECK(error.kind == ErrorKind::Unauthenticated);
  CHECK(error.message == "the key in MOMENTO_API_KEY expired at 2027-01-15T07:59:59.000000Z");
  CHECK(choose(with(&ConnectionFlags::local, "127.0.0.1:1")).connection.api_key == expired);
}

TEST_CASE("a session needs an endpoint and overrides the profile, which is said") {
  const Momento momento(profile("work", "k") + "[.momento_session]\ntoken=" +
                        token(R"({"sub":"x"})") + "\nvalid_until=1800000060\n");
  CHECK(contains(refusal().message, "the session of"));
  const Variable endpoint("MOMENTO_ENDPOINT", k_cell);
  CHECK(choose().warnings.empty());
  const auto choice = choose(with(&ConnectionFlags::profile, "work"));
  CHECK(choice.connection.endpoint == "cache.cell.example.com:443");
  REQUIRE(choice.warnings.size() == 1);
  CHECK(contains(choice.warnings[0], "--profile work is not used"));
}

TEST_CASE("a profile that was asked for must be there") {
  const Momento momento(profile("work", "k"));
  CHECK(choose().connection.endpoint == "127.0.0.1:8080");  // Nobody asked for "default".
  CHECK(refusal(with(&ConnectionFlags::profile, "wrok")).kind == ErrorKind::BadInput);
  CHECK(contains(refusal(with(&ConnectionFlags::profile, "wrok")).help, "work"));
  const Variable name("MOMENTO_PROFILE", "wrok");
  CHECK(contains(refusal().message, "\"wrok\""));
}

TEST_CASE("an endpoint alone is a service without a key, if a flag says so") {
  const auto choice = choose(with(&ConnectionFlags::endpoint, k_cell));
  CHECK(choice.connection.endpoint == "cache.cell.example.com:443");
  CHECK(choice.connection.api_key.empty());
  const Variable endpoint("MOMENTO_ENDPOINT", k_cell);
  CHECK(refusal().kind == ErrorKind::Usage);
  CHECK(contains(refusal().message, "MOMENTO_ENDPOINT"));
  CHECK(choose(with(&ConnectionFlags::local, "127.0.0.1:1")).connection.endpoint == "127.0.0.1:1");
}

TEST_CASE("what is unwise or without effect is warned of, without the key") {
  const auto argument = choose(with(&ConnectionFlags::api_key, v1_key(k_cell, "k")));
  REQUIRE(argument.warnings.size() == 1);
  CHECK(contains(argument.warnings[0], "--api-key-file"));
  CHECK_FALSE(contains(argument.warnings[0], v1_key(k_cell, "k")));

  auto local = with(&ConnectionFlags::local, "127.0.0.1:1");
  local.endpoint = k_cell;
  REQUIRE(choose(local).warnings.size() == 1);
  CHECK(contains(choose(local).warnings[0], "--endpoint cell.example.com"));

  const Variable older("MOMENTO_AUTH_TOKEN", v1_key(k_cell, "k"));
  REQUIRE(choose().warnings.size() == 1);
  CHECK(contains(choose().warnings[0], "MOMENTO_AUTH_TOKEN is not read"));
}

TEST_CASE("the profile's cache counts if the profile does") {
  const Momento momento(profile("default", "k") + profile("work", "k"),
                        "[default]\ncache=one\n[work]\ncache=two\n");
  CHECK(cache_name({}) == "one");
  CHECK(cache_name(with(&ConnectionFlags::profile, "work")) == "two");
  CHECK(cache_name(with(&ConnectionFlags::cache, "flag")) == "flag");
  CHECK(cache_name(with(&ConnectionFlags::local, "127.0.0.1:1")) == "default-cache");
  auto both = with(&ConnectionFlags::local, "127.0.0.1:1");
  both.profile = "work";
  CHECK(cache_name(both) == "two");
  CHECK_THROWS_AS(cache_name(with(&ConnectionFlags::profile, "wrok")), CommandError);
  {
    const Variable key("MOMENTO_API_KEY", v1_key(k_cell, "k"));
    CHECK(cache_name({}) == "default-cache");
  }
  const Variable variable("MOMENTO_CACHE_NAME", "variable");
  CHECK(cache_name({}) == "variable");
}

TEST_CASE("what needs no hosted service does not look at profiles") {
  const Momento momento("no profile", "neither");
  CHECK(local_cache_name({}) == "default-cache");
  CHECK(run_command({"loop", "--message", "x"}).exit_code == 0);
  const Outcome outcome = run_command({"publish", "t", "v"});
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, momento.directory.file("credentials") + ":1: "));
}

TEST_CASE("with nothing but a profile every call finds its host, over TLS") {
  const std::string secret(64, 's');
  const TempDirectory directory;
  const TestCertificates made =
      make_certificates({.names = "DNS:cache.topics.localhost,DNS:control.topics.localhost,"
                                  "DNS:token.topics.localhost"});
  auto options = options_for_tests();
  options.access = {.required = true, .secret = secret};
  options.tls = webhook::TlsFiles{directory.write("cert.pem", made.server),
                                  directory.write("key.pem", made.server_key)};
  const auto broker = must(broker::Broker::start(std::move(options)));
  const std::string endpoint =
      "topics.localhost" + broker.endpoint().substr(broker.endpoint().find(':'));
  const std::string key = broker::sign_key({.permissions = {.super_user = true}}, secret);
  const Momento momento("[default]\ntoken=" + v1_key(endpoint, key) + "\n",
                        "[default]\ncache=" + std::string(k_cache) + "\n");
  const std::string authority = directory.write("ca.pem", made.authority);
  for (Arguments arguments : {Arguments{"publish", "t", "v"},
                              {"webhook", "list"},
                              {"token", "create", "--topics", "t"}}) {
    arguments.insert(arguments.end(), {"--cacert", authority});
    const Outcome outcome = run_command(arguments);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
  }
  // The cache's name is not the certificate's.
  const auto elsewhere = run_command({"publish", "t", "v", "--cacert", authority, "--endpoint",
                                      "other.localhost" + endpoint.substr(endpoint.find(':'))});
  CHECK(elsewhere.exit_code == 4);
}
