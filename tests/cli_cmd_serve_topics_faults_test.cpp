// SPDX-License-Identifier: Apache-2.0
// serve-topics told to fail, to wait and to refuse.
#include "support/command.hpp"
#include "support/http_endpoint.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using model::Value;

namespace {

Arguments serve(const Arguments& more) {
  Arguments arguments{"serve-topics", "--listen", "127.0.0.1:0", "--cache", k_cache};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

topic::Client client_for(const Command& serving) {
  return client_of(serving.err().rest_of_line("serving topics on "));
}

}  // namespace

TEST_CASE("serve-topics --fault fails as many publishes as it says, whoever publishes") {
  const Command serving(serve({"--fault", "topic-publish:error=internal,count=1", "--fault",
                               "topic-publish:error=unavailable,count=1"}));
  const auto first = client_for(serving);
  const auto second = client_for(serving);
  CHECK(first.publish(k_cache, "t", Value::text("x")).error().kind == ErrorKind::ServiceFailed);
  CHECK(second.publish(k_cache, "t", Value::text("x")).error().kind == ErrorKind::Unavailable);
  CHECK(second.publish(k_cache, "t", Value::text("x")));
}

TEST_CASE("serve-topics --fault ends streams after so many messages") {
  const Command serving(serve({"--fault", "topic-subscribe:stream-error=aborted,after=2"}));
  const auto client = client_for(serving);
  auto subscription = must(client.subscribe(k_cache, "t"));
  must(client.publish(k_cache, "t", Value::text("1")));
  must(client.publish(k_cache, "t", Value::text("2")));
  CHECK(end_of(subscription).message == "injected fault: topic-subscribe fails as aborted");
}

TEST_CASE("serve-topics --fault shows a webhook's injected answer as what it is") {
  const HttpEndpoint endpoint;
  Command serving(serve({"--fault", "webhook:error=503,count=1"}));
  const auto client = client_for(serving);
  must(client.put_webhook({{k_cache, "w"}, "t", endpoint.url()}));
  must(client.publish(k_cache, "t", Value::text("1")));
  must(client.publish(k_cache, "t", Value::text("2")));
  serving.out().wait_for("<-- [503] POST " + endpoint.url() +
                         ": injected, the endpoint was not called");
  serving.out().wait_for("<-- [200] POST " + endpoint.url());
  CHECK(serving.interrupt_and_wait() == 130);
  CHECK(contains(serving.err().text(), "1 delivered, 1 failed, 0 never sent\n"));
}

TEST_CASE("serve-topics --limits refuses as the hosted service does, save where told otherwise") {
  const Command serving(serve({"--limits", "momento", "--limits", "payload=10,publish-rate=off"}));
  const auto client = client_for(serving);
  for (int i = 0; i < 30; ++i)
    must(client.publish(k_cache, "t", Value::text("0123456789")));
  const auto refused = client.publish(k_cache, "t", Value::text("0123456789+"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::LimitExceeded);
  must(client.create_cache("b"));
  must(client.create_cache("c"));
  CHECK(client.create_cache("d").error().kind == ErrorKind::LimitExceeded);
}

TEST_CASE("publish ends with 5 when a limit refuses its message") {
  const Command serving(serve({"--limits", "payload=10"}));
  const std::string endpoint = serving.err().rest_of_line("serving topics on ");
  const Outcome outcome =
      run_command({"publish", "t", "0123456789+", "--local", endpoint, "--cache", k_cache});
  CHECK(outcome.exit_code == 5);
  CHECK(contains(outcome.err, "a message of 11 bytes is over the request limit of 10 bytes"));
}

TEST_CASE("serve-topics refuses a fault or a limit that is none, by flag and spec") {
  const Outcome fault = run_command(serve({"--fault", "topic-publish:error=bad-luck"}));
  CHECK(fault.exit_code == 2);
  CHECK(contains(fault.err, "--fault: \"topic-publish:error=bad-luck\" is not a fault"));
  CHECK(contains(fault.err, "unavailable"));
  const Outcome limit = run_command(serve({"--limits", "momento", "--limits", "speed=1"}));
  CHECK(limit.exit_code == 2);
  CHECK(contains(limit.err, "--limits: \"speed=1\" is not a limit"));
  CHECK(contains(limit.err, "publish-rate"));
}
