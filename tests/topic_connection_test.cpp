// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_topics.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"
#include "topic/client.hpp"
#include "wire/methods.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace topicloop;
using namespace topicloop::test;
using model::Value;
using topic::Client;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::shared_ptr<grpc::ServerCredentials> credentials_of(const TestCertificates& certificates) {
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({certificates.server_key, certificates.server});
  return grpc::SslServerCredentials(options);
}

// Answers a publish with nothing, which is what is expected.
constexpr auto k_accept = [](ScriptedCall& call) { call.answer(""); };

}  // namespace

TEST_CASE("the API key is sent as it is, and an empty one as an empty header") {
  Collector<std::vector<std::string>> keys;
  ScriptedService service([&](ScriptedCall& call) {
    keys.add(call.metadata("authorization"));
    call.write(heartbeat());
    call.end(grpc::Status::OK);
  });
  for (const std::string key : {"", "eyJ.key/with+all=~ !"}) {
    auto options = patient(service.endpoint());
    options.api_key = key;
    const Client client = must(Client::connect(options));
    must(client.ping());
    CHECK(client.subscribe("c", "t"));
    auto publisher = client.publisher({.cache = "c", .in_flight = 1, .on_result = {}});
    publisher.publish("t", Value::text("x"));
    const auto seen = keys.items();
    REQUIRE(seen.size() >= 3);
    for (std::size_t i = seen.size() - 3; i < seen.size(); ++i) {
      CHECK(seen[i] == std::vector<std::string>{key});
    }
  }
}

TEST_CASE("an API key that no header can carry is BadInput and is not repeated") {
  for (const std::string key : {"secret\n", "sec\r\nret", "secr\xC3\xA9t"}) {
    auto options = patient("127.0.0.1:1");
    options.api_key = key;
    const auto client = Client::connect(options);
    REQUIRE_FALSE(client);
    CHECK(client.error().kind == ErrorKind::BadInput);
    CHECK(contains(client.error().message, "API key"));
    CHECK_FALSE(contains(client.error().message, "sec"));
  }
}

TEST_CASE("an API key does not leave this machine in plain text") {
  auto options = patient("192.0.2.1:8080");
  CHECK(Client::connect(options));
  options.api_key = "secret";
  const auto refused = Client::connect(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::Usage);
  CHECK(contains(refused.error().message, "192.0.2.1:8080"));
  CHECK_FALSE(contains(refused.error().message, "secret"));
  options.tls = true;
  CHECK(Client::connect(options));

  auto control = patient("127.0.0.1:8080");
  control.api_key = "secret";
  CHECK(Client::connect(control));
  control.control_endpoint = "192.0.2.1:8080";
  CHECK_FALSE(Client::connect(control));
  control.control_endpoint.clear();
  control.token_endpoint = "192.0.2.1:8080";
  CHECK_FALSE(Client::connect(control));
  CHECK(Client::connect([] {
    auto local = patient("unix:/nonexistent/topicloop");
    local.api_key = "secret";
    return local;
  }()));
}

TEST_CASE("messages go to the endpoint, caches and webhooks to the control endpoint") {
  Collector<std::string> topics;
  Collector<std::string> control;
  ScriptedService topics_service([&](ScriptedCall& call) {
    topics.add(call.method());
    call.answer(call.method() == wire::k_subscribe ? heartbeat() : "");
  });
  ScriptedService control_service([&](ScriptedCall& call) {
    control.add(call.method());
    call.answer("");
  });
  auto options = patient(topics_service.endpoint());
  options.control_endpoint = control_service.endpoint();
  const Client client = must(Client::connect(options));

  CHECK(client.publish("c", "t", Value::text("x")));
  CHECK(client.subscribe("c", "t"));
  CHECK(client.ping());
  CHECK(topics.items() == std::vector<std::string>{std::string(wire::k_publish),
                                                   std::string(wire::k_subscribe),
                                                   std::string(wire::k_ping)});
  CHECK(control.items().empty());

  CHECK(client.create_cache("c"));
  CHECK(client.delete_cache("c"));
  CHECK(client.flush_cache("c"));
  CHECK(client.list_caches());
  CHECK(client.put_webhook({{"c", "w"}, "t", "http://x"}));
  CHECK(client.delete_webhook({"c", "w"}));
  CHECK(client.list_webhooks("c"));
  CHECK(client.webhook_secret({"c", "w"}));
  CHECK(client.rotate_webhook_secret({"c", "w"}));
  CHECK(client.generate_disposable_token({}));
  CHECK(control.items() ==
        std::vector<std::string>{
            std::string(wire::k_create_cache), std::string(wire::k_delete_cache),
            std::string(wire::k_flush_cache), std::string(wire::k_list_caches),
            std::string(wire::k_put_webhook), std::string(wire::k_delete_webhook),
            std::string(wire::k_list_webhooks), std::string(wire::k_get_webhook_secret),
            std::string(wire::k_rotate_webhook_secret),
            std::string(wire::k_generate_disposable_token)});
  CHECK(topics.items().size() == 3);
}

TEST_CASE("without a wait connecting succeeds though nobody is there") {
  const TempDirectory directory;
  const auto client = Client::connect(patient("unix:" + directory.file("socket")));
  REQUIRE(client);
  CHECK(client->ping().error().kind == ErrorKind::Unavailable);
}

TEST_CASE("a wait is over as soon as the service is there") {
  const TempDirectory directory;
  auto options = patient("unix:" + directory.file("socket"));
  options.wait = k_patience;
  auto connected = std::async(std::launch::async, [&] { return Client::connect(options); });
  auto broker_options = options_for_tests();
  broker_options.address = options.endpoint;
  const auto broker = must(broker::Broker::start(std::move(broker_options)));
  const Client client = must(connected.get());
  CHECK(client.ping());
}

TEST_CASE("a wait in vain is Unavailable and names the endpoint") {
  const TempDirectory directory;
  auto options = patient("unix:" + directory.file("socket"));
  options.wait = std::chrono::milliseconds(120);
  const auto client = Client::connect(options);
  REQUIRE_FALSE(client);
  CHECK(client.error().kind == ErrorKind::Unavailable);
  CHECK(contains(client.error().message, options.endpoint));
  CHECK(contains(client.error().message, "No such file or directory"));
}

TEST_CASE("a wait ends at once where waiting does not help, and says what would") {
  const TempDirectory directory;
  const ScriptedService plain(k_accept);
  const ScriptedService secure(k_accept, "127.0.0.1:0", credentials_of(make_certificates()));
  auto other = patient(secure.endpoint());
  other.ca_file = directory.write("other.pem", make_certificates().authority);
  other.tls = true;
  auto wrong = patient(plain.endpoint());
  wrong.tls = true;
  for (auto& options : {other, wrong}) {
    topic::ConnectionOptions waiting = options;
    waiting.wait = std::chrono::hours(1);  // Longer than any test may take.
    const auto client = Client::connect(waiting);
    REQUIRE_FALSE(client);
    CHECK(client.error().kind == ErrorKind::Unavailable);
    CHECK(contains(client.error().message, waiting.endpoint));
    CHECK_FALSE(client.error().help.empty());
  }
}

TEST_CASE("plain text to a service that expects TLS is told so") {
  const ScriptedService secure(k_accept, "127.0.0.1:0", credentials_of(make_certificates()));
  const auto refused = must(Client::connect(patient(secure.endpoint()))).ping();
  REQUIRE_FALSE(refused);
  CHECK(contains(refused.error().message, "expects TLS"));
  CHECK(contains(refused.error().help, "--cacert"));
}

TEST_CASE("a path that is too long for a Unix socket is a usage error") {
  const auto client = Client::connect(patient("unix:/" + std::string(120, 'x')));
  REQUIRE_FALSE(client);
  CHECK(client.error().kind == ErrorKind::Usage);
  CHECK(contains(client.error().message, "the path is too long for a Unix socket"));
}

TEST_CASE("who gave a key that is no good is told to get another, and not to give one") {
  const ScriptedService service([](ScriptedCall& call) {
    call.end({grpc::StatusCode::UNAUTHENTICATED, "the API key expired"});
  });
  auto options = patient(service.endpoint());
  CHECK(must(Client::connect(options)).ping().error().help.empty());
  options.api_key = "key";
  const Client client = must(Client::connect(options));
  CHECK(contains(client.ping().error().help, "get a new one"));
  CHECK(contains(client.subscribe("c", "t").error().help, "get a new one"));
}

TEST_CASE("a stop ends a wait as Cancelled") {
  const TempDirectory directory;
  auto options = patient("unix:" + directory.file("socket"));
  options.wait = k_patience;
  std::stop_source stop;
  auto connected =
      std::async(std::launch::async, [&] { return Client::connect(options, stop.get_token()); });
  stop.request_stop();
  CHECK(connected.get().error().kind == ErrorKind::Cancelled);
}

TEST_CASE("a certificate of the given authority is trusted and no other") {
  const TempDirectory directory;
  const TestCertificates certificates = make_certificates();
  ScriptedService service(k_accept, "127.0.0.1:0", credentials_of(certificates));
  auto options = patient(service.endpoint());
  options.tls = true;
  options.ca_file = directory.write("ca.pem", certificates.authority);
  CHECK(must(Client::connect(options)).ping());

  options.ca_file = directory.write("other.pem", make_certificates().authority);
  const auto refused = must(Client::connect(options)).ping();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::Unavailable);
  CHECK(contains(refused.error().message, service.endpoint()));
  CHECK(service.calls() == 1);
}

TEST_CASE("without a CA file the system's authorities decide") {
  ScriptedService service(k_accept, "127.0.0.1:0", credentials_of(make_certificates()));
  auto options = patient(service.endpoint());
  options.tls = true;
  const auto refused = must(Client::connect(options)).ping();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::Unavailable);
  CHECK(contains(refused.error().message, service.endpoint()));
}

TEST_CASE("plaintext to a TLS service and TLS to a plaintext service are Unavailable") {
  const TempDirectory directory;
  const TestCertificates certificates = make_certificates();
  ScriptedService secure(k_accept, "127.0.0.1:0", credentials_of(certificates));
  CHECK(client_of(secure.endpoint()).ping().error().kind == ErrorKind::Unavailable);

  ScriptedService plain(k_accept);
  auto options = patient(plain.endpoint());
  options.tls = true;
  options.ca_file = directory.write("ca.pem", certificates.authority);
  CHECK(must(Client::connect(options)).ping().error().kind == ErrorKind::Unavailable);
}

TEST_CASE("tokens are made at the token endpoint") {
  Collector<std::string> methods;
  ScriptedService tokens([&](ScriptedCall& call) {
    methods.add(call.method());
    call.answer("");
  });
  auto options = patient("127.0.0.1:1");
  options.control_endpoint = "127.0.0.1:1";
  options.token_endpoint = tokens.endpoint();
  CHECK(must(Client::connect(options)).generate_disposable_token({}));
  CHECK(methods.items() ==
        std::vector<std::string>{std::string(wire::k_generate_disposable_token)});
}

TEST_CASE("a name below localhost is this machine, and its certificate is checked by that name") {
  const TempDirectory directory;
  const TestCertificates certificates = make_certificates({.names = "DNS:cache.topics.localhost"});
  const ScriptedService secure(k_accept, "127.0.0.1:0", credentials_of(certificates));
  const std::string port = secure.endpoint().substr(secure.endpoint().find(':'));
  auto options = patient("cache.topics.localhost" + port);
  options.tls = true;
  options.ca_file = directory.write("ca.pem", certificates.authority);
  CHECK(must(Client::connect(options)).ping());
  options.endpoint = "control.topics.localhost" + port;
  CHECK(must(Client::connect(options)).ping().error().kind == ErrorKind::Unavailable);
}

TEST_CASE("a CA file that holds no certificate is BadInput and named") {
  const TempDirectory directory;
  for (const std::string& path : {directory.file("missing.pem"), directory.write("empty.pem", ""),
                                  directory.write("text.pem", "not a certificate"),
                                  directory.path(), std::string("/dev/zero")}) {
    auto options = patient("127.0.0.1:1");
    options.tls = true;
    options.ca_file = path;
    const auto client = Client::connect(options);
    INFO(path);
    REQUIRE_FALSE(client);
    CHECK(client.error().kind == ErrorKind::BadInput);
    CHECK(contains(client.error().message, path));
  }
}

TEST_CASE("large messages travel whole, over TCP and over a Unix socket") {
  const TempDirectory directory;
  for (const std::string& address : {std::string("127.0.0.1:0"), "unix:" + directory.file("s")}) {
    auto options = options_for_tests();
    options.address = address;
    const Service service(std::move(options));
    auto subscription = service.subscribe("t");
    for (const std::size_t size : {1'000'000U, 5'000'000U, 10'400'000U}) {
      const Value value = Value::binary(std::string(size, '\x80'));
      must(service.client.publish(k_cache, "t", value));
      // Compared outside of the macro: a failure must not print megabytes.
      const bool same = next_message(subscription).value == value;
      CHECK(same);
    }
  }
}

TEST_CASE("a message larger than the service's clients may send is LimitExceeded") {
  const Service service;
  std::string large;
  large.resize(11'000'000, 'x');
  const auto published = service.client.publish(k_cache, "t", Value::binary(std::move(large)));
  REQUIRE_FALSE(published);
  CHECK(published.error().kind == ErrorKind::LimitExceeded);
  CHECK(service.client.ping());
}
