// SPDX-License-Identifier: Apache-2.0
// Faults as clients meet them, on the real gRPC stack.
#include "support/grpc_call.hpp"
#include "support/http_endpoint.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;
using broker::Fault;
using broker::FaultTarget;

namespace {

CallEnd publish(const Service& service, const Headers& headers, const std::string& text = "x") {
  return GrpcCall(channel_to(service), wire::k_publish, publish_request(text), headers).end();
}

broker::BrokerOptions with_heartbeats_every(std::chrono::milliseconds period) {
  auto options = options_for_tests();
  options.heartbeat_period = period;
  return options;
}

Headers delayed(const std::string& rpc, const std::string& milliseconds) {
  return {{"delay-rpcs", rpc}, {"delay-ms", milliseconds}};
}

constexpr const char* k_for_ever = "3600000";

}  // namespace

TEST_CASE("a publish fails as often as its headers ask, without being accepted") {
  const Service service;
  auto subscription = service.subscribe("t");
  const Headers headers{{"request-id", "a"},
                        {"error-rpcs", "topic-publish"},
                        {"return-error", "unknown"},
                        {"error-count", "2"}};
  for (int i = 0; i < 2; ++i) {
    const CallEnd end = publish(service, headers, "lost");
    CHECK(end.code() == grpc::StatusCode::UNKNOWN);
    CHECK(end.text() == "injected fault: topic-publish fails as unknown");
    CHECK(end.err.empty());
  }
  CHECK(publish(service, headers, "accepted").code() == grpc::StatusCode::OK);
  CHECK(next_message(subscription).value.bytes == "accepted");
}

TEST_CASE("every status can be asked for by its name") {
  const Service service;
  for (int code = 1; code <= 16; ++code) {
    const std::string name(broker::status_name(code));
    const CallEnd end = publish(service, {{"error-rpcs", "topic-publish"}, {"return-error", name}});
    INFO(name);
    CHECK(static_cast<int>(end.code()) == code);
  }
}

TEST_CASE("a fault that there is not is INVALID_ARGUMENT by the header's name") {
  const Service service;
  const Headers headers{{"error-rpcs", "topic-publish topic-subscribe"},
                        {"return-error", "bad-luck"}};
  const CallEnd published = publish(service, headers);
  CHECK(published.code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(published.text().find("return-error is \"bad-luck\"") != std::string::npos);
  GrpcCall subscribed(channel_to(service), wire::k_subscribe, subscribe_request(), headers);
  CHECK(subscribed.end().code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(subscribed.messages == 0);
}

TEST_CASE("a subscription fails before its first message if its headers ask") {
  const Service service;
  const Headers headers{{"request-id", "a"},
                        {"error-rpcs", "topic-subscribe"},
                        {"return-error", "permission-denied"},
                        {"error-count", "1"}};
  GrpcCall first(channel_to(service), wire::k_subscribe, subscribe_request(), headers);
  CHECK(first.end().code() == grpc::StatusCode::PERMISSION_DENIED);
  CHECK(first.messages == 0);
  GrpcCall second(channel_to(service), wire::k_subscribe, subscribe_request(), headers);
  CHECK(second.next());
}

TEST_CASE("a stream fails instead of its message after the limit, each stream anew") {
  const Service service(with_heartbeats_every(20ms));
  const Headers headers{{"request-id", "a"},
                        {"stream-error-rpcs", "topic-subscribe"},
                        {"stream-error", "SERVER_UNAVAILABLE"},
                        {"stream-error-message-limit", "3"}};
  for (int i = 0; i < 2; ++i) {
    GrpcCall stream(channel_to(service), wire::k_subscribe, subscribe_request(), headers);
    CHECK(stream.end().code() == grpc::StatusCode::UNAVAILABLE);
    CHECK(stream.messages == 3);
  }
}

TEST_CASE("items and heartbeats count alike, and the item that is too many is not sent") {
  const Service service(with_heartbeats_every(1h));
  const Headers headers{{"stream-error-rpcs", "topic-subscribe"},
                        {"stream-error", "internal"},
                        {"stream-error-message-limit", "2"}};
  GrpcCall stream(channel_to(service), wire::k_subscribe, subscribe_request(), headers);
  REQUIRE(stream.next());  // The heartbeat.
  service.publish("t", "1");
  REQUIRE(stream.next());
  service.publish("t", "2");  // What the stream fails for: with nothing to send it stays.
  CHECK(stream.end().code() == grpc::StatusCode::INTERNAL);
  CHECK(stream.messages == 0);
}

TEST_CASE("a delay holds one call back and nobody else") {
  const Service service;
  GrpcCall held(channel_to(service), wire::k_publish, publish_request(),
                delayed("topic-publish", k_for_ever));
  CHECK(publish(service, {}).code() == grpc::StatusCode::OK);
  auto subscription = service.subscribe("t");
  service.publish("t", "now");
  CHECK(next_message(subscription).sequence_number == 2);
  held.cancel();
  CHECK(held.end().code() == grpc::StatusCode::CANCELLED);
}

TEST_CASE("a delayed publish is accepted when its delay is over") {
  const Service service;
  auto subscription = service.subscribe("t");
  CHECK(publish(service, delayed("topic-publish", "30")).code() == grpc::StatusCode::OK);
  CHECK(next_message(subscription).sequence_number == 1);
}

TEST_CASE("a publish whose client gives up during its delay is never accepted") {
  const Service service;
  auto subscription = service.subscribe("t");
  {
    GrpcCall given_up(channel_to(service), wire::k_publish, publish_request("given up"),
                      delayed("topic-publish", "300"), 50ms);
    CHECK(given_up.end().code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  // Begun later, so over later.
  CHECK(publish(service, delayed("topic-publish", "301")).code() == grpc::StatusCode::OK);
  CHECK(next_message(subscription).value.bytes == "x");
}

TEST_CASE("delay and error come together, the delay first") {
  const Service service;
  Headers headers = delayed("topic-publish", k_for_ever);
  headers["error-rpcs"] = "topic-publish";
  headers["return-error"] = "aborted";
  headers["delay-count"] = headers["error-count"] = "1";
  GrpcCall held(channel_to(service), wire::k_publish, publish_request(), headers, 50ms);
  CHECK(held.end().code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  headers["request-id"] = "another";
  headers["delay-ms"] = "1";
  CHECK(publish(service, headers).code() == grpc::StatusCode::ABORTED);
  CHECK(publish(service, headers).code() == grpc::StatusCode::OK);
}

TEST_CASE("a delayed subscription begins as every other when its delay is over") {
  const Service service;
  GrpcCall stream(channel_to(service), wire::k_subscribe, subscribe_request(),
                  delayed("topic-subscribe", "30"));
  REQUIRE(stream.next());
  CHECK(std::holds_alternative<model::Heartbeat>(
      must(wire::parse_subscription_item(stream.message(), k_cache, "t"))));
  service.publish("t", "x");
  CHECK(stream.next());
}

TEST_CASE("calls that are delayed do not hold up the end of the service") {
  auto options = options_for_tests();
  options.drain = k_patience;  // Who waits for a delay waits so long, and the calls are cancelled.
  Service service(std::move(options));
  const auto channel = channel_to(service);
  GrpcCall publishing(channel, wire::k_publish, publish_request(),
                      delayed("topic-publish", k_for_ever));
  GrpcCall subscribing(channel, wire::k_subscribe, subscribe_request(),
                       delayed("topic-subscribe", k_for_ever));
  // Answered, so the two before it on the connection have been taken up.
  CHECK(GrpcCall(channel, wire::k_publish, publish_request()).end().status.ok());
  service.broker.stop();
  // Neither has happened, and both are told so.
  CHECK(publishing.end().code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(subscribing.end().code() == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE("the service's own faults are everybody's") {
  auto options = options_for_tests();
  Fault fault{FaultTarget::TopicPublish, {}};
  fault.rule.error = 14;
  fault.rule.error_count = 2;
  options.faults = {fault};
  const Service service(std::move(options));
  CHECK(publish(service, {{"request-id", "a"}}).code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(publish(service, {{"request-id", "b"}}).code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(publish(service, {}).code() == grpc::StatusCode::OK);
}
