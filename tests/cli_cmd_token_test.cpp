// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "broker/key.hpp"
#include "support/command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

using namespace topicloop;
using namespace topicloop::test;
using model::NameSelector;
using model::TopicRole;

namespace {

const std::string k_secret(64, 's');

std::string secret_file(const TempDirectory& directory) {
  const std::string path = directory.write("signing.secret", k_secret + "\n");
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  return path;
}

Arguments create(const Arguments& more) {
  Arguments arguments{"token", "create"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

broker::Claims claims_in(const std::string& key) {
  return must(broker::verify_key(trimmed(key), k_secret, std::chrono::system_clock::now()));
}

// Of a token made without a service.
broker::Claims claims_with(const Arguments& flags) {
  const TempDirectory directory;
  Arguments arguments = create({"--auth-secret", secret_file(directory), "--bare"});
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const Outcome outcome = run_command(arguments);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return claims_in(outcome.out);
}

NameSelector exact(const std::string& name) {
  return {NameSelector::Kind::Exact, name};
}

std::chrono::seconds lifetime_of(const broker::Claims& claims) {
  REQUIRE(claims.expires_at);
  return std::chrono::duration_cast<std::chrono::seconds>(*claims.expires_at - claims.issued_at);
}

// A service that requires keys, and a file with a super user's.
struct GuardedService {
  GuardedService() : service(options()) {
    const broker::Claims claims{.permissions = {.super_user = true}};
    admin_key = directory.write("admin.key", broker::sign_key(claims, k_secret));
  }
  static broker::BrokerOptions options() {
    auto options = options_for_tests();
    options.access = {.required = true, .secret = k_secret};
    return options;
  }

  TempDirectory directory;
  Service service;
  std::string admin_key;
};

}  // namespace

TEST_CASE("a token is for all topics of the default cache and one hour unless said otherwise") {
  const auto claims = claims_with({});
  CHECK(claims.permissions ==
        model::Permissions{.topics = {{TopicRole::ReadWrite, exact("default-cache"), {}}}});
  CHECK(claims.token_id.empty());
  CHECK(lifetime_of(claims) == std::chrono::hours(1));
  CHECK(claims_with({"--cache", "orders"}).permissions.topics.at(0).cache == exact("orders"));
}

TEST_CASE("a token is for every topic named in every cache named") {
  const auto claims = claims_with({"--caches", "a", "--caches", "b", "--caches", "c", "--topics",
                                   "topic 1", "--topics", "orders*", "--role", "read"});
  const NameSelector prefix{NameSelector::Kind::Prefix, "orders"};
  CHECK(claims.permissions ==
        model::Permissions{.topics = {{TopicRole::ReadOnly, exact("a"), exact("topic 1")},
                                      {TopicRole::ReadOnly, exact("a"), prefix},
                                      {TopicRole::ReadOnly, exact("b"), exact("topic 1")},
                                      {TopicRole::ReadOnly, exact("b"), prefix},
                                      {TopicRole::ReadOnly, exact("c"), exact("topic 1")},
                                      {TopicRole::ReadOnly, exact("c"), prefix}}});
  CHECK(claims_with({"--caches", "*", "--role", "write"}).permissions ==
        model::Permissions{.topics = {{TopicRole::WriteOnly, {}, {}}}});
}

TEST_CASE("a super user's token excludes limits") {
  CHECK(claims_with({"--superuser"}).permissions == model::Permissions{.super_user = true});
  const TempDirectory directory;
  for (const Arguments& limit :
       {Arguments{"--caches", "*"}, Arguments{"--topics", "t"}, Arguments{"--role", "read"}}) {
    Arguments arguments = create({"--auth-secret", secret_file(directory), "--superuser"});
    arguments.insert(arguments.end(), limit.begin(), limit.end());
    const Outcome outcome = run_command(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, limit[0] + " and --superuser exclude each other"));
  }
}

TEST_CASE("a token has the id and the time it was given") {
  CHECK(claims_with({"--token-id", "desk 7"}).token_id == "desk 7");
  CHECK(lifetime_of(claims_with({"--expires", "90s"})) == std::chrono::seconds(90));
  CHECK(lifetime_of(claims_with({"--expires", "1ms"})) == std::chrono::seconds(1));
  CHECK_FALSE(claims_with({"--expires", "never"}).expires_at);
}

TEST_CASE("token create prints a credential as the SDKs take it") {
  const TempDirectory directory;
  const std::string secret = secret_file(directory);
  const Outcome local = run_command(create({"--auth-secret", secret}));
  CHECK(local.exit_code == 0);
  const auto text = from_base64(trimmed(local.out));
  REQUIRE(text);
  CHECK(text->starts_with(R"({"endpoint":"localhost:8080","api_key":")"));
  claims_in(nlohmann::json::parse(*text)["api_key"]);

  const Outcome other =
      run_command(create({"--auth-secret", secret, "--endpoint", "topics.example:8443"}));
  CHECK(from_base64(trimmed(other.out))->starts_with(R"({"endpoint":"topics.example:8443",)"));
}

TEST_CASE("token create writes one record under -o json") {
  const TempDirectory directory;
  const std::string secret = secret_file(directory);
  const auto records = run_command(create({"--auth-secret", secret, "-o", "json"})).records();
  REQUIRE(records.size() == 1);
  CHECK(records[0]["type"] == "token");
  const auto claims = claims_in(records[0]["api_key"]);
  CHECK(records[0]["expires_at"] == to_rfc3339(*claims.expires_at));
  CHECK(from_base64(records[0]["credential"].get<std::string>()) ==
        R"({"endpoint":"localhost:8080","api_key":")" + records[0]["api_key"].get<std::string>() +
            "\"}");
  const auto for_ever =
      run_command(create({"--auth-secret", secret, "--expires", "never", "-o", "json"})).records();
  CHECK(for_ever.at(0)["expires_at"].is_null());
}

TEST_CASE("token create does not make the secret it signs with") {
  const TempDirectory directory;
  const std::string missing = directory.file("missing");
  const Outcome outcome = run_command(create({"--auth-secret", missing}));
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, missing));
  CHECK_FALSE(std::filesystem::exists(missing));
}

TEST_CASE("token create asks the service with the key it is given") {
  const GuardedService guarded;
  const Outcome outcome =
      run_command(at(guarded.service, create({"--api-key-file", guarded.admin_key, "--topics", "t",
                                              "--token-id", "desk 7", "--bare"})));
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const auto claims = claims_in(outcome.out);
  CHECK(claims.permissions ==
        model::Permissions{.topics = {{TopicRole::ReadWrite, exact(k_cache), exact("t")}}});
  CHECK(claims.token_id == "desk 7");
  CHECK(lifetime_of(claims) == std::chrono::hours(1));

  const std::string key = guarded.directory.write("token", outcome.out);
  CHECK(run_command(at(guarded.service, {"publish", "t", "v", "--api-key-file", key})).exit_code ==
        0);
  const Outcome elsewhere =
      run_command(at(guarded.service, {"publish", "u", "v", "--api-key-file", key}));
  CHECK(elsewhere.exit_code == 5);
  CHECK(contains(elsewhere.err, "does not permit publishing to topic \"u\""));
}

TEST_CASE("the credential of a service's token leads back to the service") {
  const GuardedService guarded;
  const Arguments flags{"--api-key-file", guarded.admin_key};
  const Outcome outcome = run_command(at(guarded.service, create(flags)));
  const auto credential = nlohmann::json::parse(*from_base64(trimmed(outcome.out)));
  CHECK(credential["endpoint"] == guarded.service.broker.endpoint());
  const std::string file = guarded.directory.write("credential", outcome.out);
  CHECK(run_command(at(guarded.service, {"publish", "t", "v", "--api-key-file", file})).exit_code ==
        0);
}

TEST_CASE("a service at a Unix socket makes a credential only with --endpoint, or a bare key") {
  const TempDirectory directory;
  auto options = GuardedService::options();
  options.address = "unix:" + directory.file("socket");
  const Service service(std::move(options));
  const broker::Claims claims{.permissions = {.super_user = true}};
  const std::string key = directory.write("key", broker::sign_key(claims, k_secret));
  const auto create_with = [&](const Arguments& flags) {
    Arguments arguments = create({"--api-key-file", key});
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return run_command(at(service, arguments));
  };
  const Outcome none = create_with({});
  CHECK(none.exit_code == 2);
  CHECK(contains(none.err, "--endpoint HOST:PORT, or --bare"));
  CHECK(none.out.empty());
  CHECK(claims_in(create_with({"--bare"}).out).permissions.topics.size() == 1);
  const auto record = create_with({"--bare", "-o", "json"}).records().at(0);
  CHECK(record["credential"].is_null());
  const Outcome named = create_with({"--endpoint", "localhost:1"});
  CHECK(contains(*from_base64(trimmed(named.out)), "localhost:1"));
}

TEST_CASE("what may be a slip in a name is said, and taken as it is") {
  const TempDirectory directory;
  const Outcome outcome =
      run_command(create({"--auth-secret", secret_file(directory), "--bare", "--topics", "a,b",
                          "--topics", "a*b", "--topics", "ok*", "--caches", "c,d"}));
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "--topics \"a,b\" is one name with a comma in it"));
  CHECK(contains(outcome.err, "--caches \"c,d\" is one name with a comma in it"));
  CHECK(contains(outcome.err, "--topics \"a*b\": only a star at the end"));
  CHECK_FALSE(contains(outcome.err, "ok*"));
  CHECK(claims_in(outcome.out).permissions.topics.at(0) ==
        model::TopicPermission{TopicRole::ReadWrite, exact("c,d"), exact("a,b")});
}

TEST_CASE("a signing secret excludes a key, which nobody would see") {
  const TempDirectory directory;
  for (const char* flag : {"--api-key-file", "--api-key", "--profile"}) {
    const Outcome outcome =
        run_command(create({"--auth-secret", secret_file(directory), flag, "nonexistent"}));
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, std::string(flag)));
    CHECK(contains(outcome.err, "exclude each other"));
  }
}

TEST_CASE("who has no super user's key gets no token") {
  const GuardedService guarded;
  const Outcome nobody = run_command(at(guarded.service, create({})));
  CHECK(nobody.exit_code == 5);
  CHECK(contains(nobody.err, "--api-key-file"));
  CHECK(nobody.out.empty());
  const std::string limited = guarded.directory.write("limited", broker::sign_key({}, k_secret));
  const Outcome refused =
      run_command(at(guarded.service, create({"--api-key-file", limited, "--superuser"})));
  CHECK(refused.exit_code == 5);
  CHECK(contains(refused.err, "super user"));
}

TEST_CASE("what no token can be is a usage error that names the flag") {
  for (const Arguments& bad :
       {Arguments{"--expires", "0"}, Arguments{"--expires", "soon"}, Arguments{"--role", "owner"},
        Arguments{"--token-id", std::string(65, 'x')}, Arguments{"--token-id", "\xFF"},
        Arguments{"--topics", "\xFF"}, Arguments{"--topics", ""}, Arguments{"--caches", "\xFF"},
        Arguments{"--endpoint", "a:b:c"}, Arguments{"--endpoint", "\xFF"}}) {
    const Outcome outcome = run_command(create(bad));
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, bad[0]));
  }
  const Outcome never = run_command(create({"--expires", "never"}));
  CHECK(never.exit_code == 2);
  CHECK(contains(never.err, "--auth-secret"));
}
