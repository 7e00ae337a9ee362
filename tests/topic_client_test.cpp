// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_topics.hpp"
#include "support/test_sockets.hpp"
#include "topic/client.hpp"
#include "wire/control.hpp"
#include "wire/methods.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace topicloop;
using namespace topicloop::test;
using model::Value;
using topic::Client;

namespace {

constexpr auto k_silence = [](ScriptedCall& call) { call.wait_until_cancelled(); };

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a publish sends one request and takes an answer without fields") {
  Collector<std::string> methods;
  Collector<wire::PublishRequest> requests;
  ScriptedService service([&](ScriptedCall& call) {
    methods.add(call.method());
    requests.add(must(wire::parse_publish_request(call.read())));
    call.answer("");
  });
  const Client client = client_of(service.endpoint());
  const Value binary = Value::binary(std::string("\0\xFF", 2));
  must(client.publish("c", "t", Value::text("héllo")));
  must(client.publish("c", "t 2", binary));
  CHECK(methods.items() == std::vector<std::string>(2, std::string(wire::k_publish)));
  CHECK(requests.items() ==
        std::vector<wire::PublishRequest>{{"c", "t", Value::text("héllo")}, {"c", "t 2", binary}});
}

TEST_CASE("a publish is never retried") {
  ScriptedService service([](ScriptedCall& call) {
    call.end({grpc::StatusCode::UNAVAILABLE, "busy"});
  });
  const Client client = client_of(service.endpoint());
  CHECK_FALSE(client.publish("c", "t", Value::text("x")));
  CHECK(service.calls() == 1);
}

TEST_CASE("every status of a unary call is the error of its kind with the service's words") {
  for (const auto& [code, kind] : every_failure()) {
    ScriptedService service(
        [status = grpc::Status(code, "because")](ScriptedCall& call) { call.end(status); });
    const auto published = client_of(service.endpoint()).publish("c", "t", Value::text("x"));
    INFO("status " << code);
    REQUIRE_FALSE(published);
    CHECK(published.error().kind == kind);
    CHECK(contains(published.error().message, words_of(code, service.endpoint())));
  }
}

TEST_CASE("a service that never answers is DeadlineExceeded once the timeout has passed") {
  ScriptedService service(k_silence);
  const Client client = must(Client::connect(impatient(service.endpoint())));
  const auto published = client.publish("c", "t", Value::text("x"));
  REQUIRE_FALSE(published);
  CHECK(published.error().kind == ErrorKind::DeadlineExceeded);
  CHECK(client.list_caches().error().kind == ErrorKind::DeadlineExceeded);
}

TEST_CASE("a port that accepts connections and says nothing is DeadlineExceeded too") {
  const SilentPort port;
  const Client client = must(Client::connect(impatient(port.endpoint())));
  CHECK(client.publish("c", "t", Value::text("x")).error().kind == ErrorKind::DeadlineExceeded);
}

TEST_CASE("where nobody listens the error names the endpoint and says how to start a service") {
  std::string endpoint;
  {
    const SilentPort gone;
    endpoint = gone.endpoint();
  }
  const Client client = client_of(endpoint);
  const auto published = client.publish("c", "t", Value::text("x"));
  REQUIRE_FALSE(published);
  CHECK(published.error().kind == ErrorKind::Unavailable);
  CHECK(contains(published.error().message, endpoint));
  CHECK(contains(published.error().help, "topicloop serve-topics"));
  CHECK(client.subscribe("c", "t").error().kind == ErrorKind::Unavailable);
}

TEST_CASE("a stop ends a blocked publish as Cancelled") {
  ScriptedService service(k_silence);
  const Client client = client_of(service.endpoint());
  std::stop_source stop;
  auto published = std::async(std::launch::async, [&] {
    return client.publish("c", "t", Value::text("x"), stop.get_token());
  });
  CHECK(eventually([&] { return service.calls() == 1; }));
  stop.request_stop();
  CHECK(published.get().error().kind == ErrorKind::Cancelled);
}

TEST_CASE("a stop requested before the call ends it as Cancelled") {
  ScriptedService service([](ScriptedCall& call) { call.answer(""); });
  const Client client = client_of(service.endpoint());
  std::stop_source stop;
  stop.request_stop();
  CHECK(client.publish("c", "t", Value::text("x"), stop.get_token()).error().kind ==
        ErrorKind::Cancelled);
  CHECK(client.subscribe("c", "t", {}, stop.get_token()).error().kind == ErrorKind::Cancelled);
  CHECK(client.ping());
}

TEST_CASE("an answer that is no answer is ServiceFailed") {
  ScriptedService service([](ScriptedCall& call) { call.answer("\xFF\xFF"); });
  const Client client = client_of(service.endpoint());
  CHECK(client.list_caches().error().kind == ErrorKind::ServiceFailed);
  CHECK(client.list_webhooks("c").error().kind == ErrorKind::ServiceFailed);
  CHECK(client.webhook_secret({"c", "w"}).error().kind == ErrorKind::ServiceFailed);
  CHECK(client.put_webhook({{"c", "w"}, "t", "http://x"}).error().kind == ErrorKind::ServiceFailed);
}

TEST_CASE("caches are listed page by page") {
  Collector<std::string> tokens;
  ScriptedService service([&](ScriptedCall& call) {
    const std::string token = must(wire::parse_list_caches_request(call.read()));
    tokens.add(token);
    if (token.empty()) {
      call.answer(wire::serialize(wire::ListCachesResponse{{"a", "b"}, "second"}));
    } else if (token == "second") {
      call.answer(wire::serialize(wire::ListCachesResponse{{}, "third"}));
    } else {
      call.answer(wire::serialize(wire::ListCachesResponse{{"c"}, ""}));
    }
  });
  const auto caches = must(client_of(service.endpoint()).list_caches());
  CHECK(caches == std::vector<std::string>{"a", "b", "c"});
  CHECK(tokens.items() == std::vector<std::string>{"", "second", "third"});
}

TEST_CASE("a list that fails on a later page fails as a whole") {
  ScriptedService service([&](ScriptedCall& call) {
    if (call.read().empty()) {
      call.answer(wire::serialize(wire::ListCachesResponse{{"a"}, "more"}));
    } else {
      call.end({grpc::StatusCode::PERMISSION_DENIED, "no"});
    }
  });
  CHECK(client_of(service.endpoint()).list_caches().error().kind == ErrorKind::PermissionDenied);
}

TEST_CASE("a list whose next page is the page itself is an error and no endless loop") {
  ScriptedService service([](ScriptedCall& call) {
    call.answer(wire::serialize(wire::ListCachesResponse{{"a"}, "again"}));
  });
  const auto caches = client_of(service.endpoint()).list_caches();
  REQUIRE_FALSE(caches);
  CHECK(caches.error().kind == ErrorKind::ServiceFailed);
  CHECK(service.calls() == 2);
}
