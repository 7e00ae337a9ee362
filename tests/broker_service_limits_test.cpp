// SPDX-License-Identifier: Apache-2.0
// Limits as clients meet them, on the real gRPC stack.
#include "support/condition.hpp"
#include "support/grpc_call.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <optional>

using namespace topicloop;
using namespace topicloop::test;

namespace {

broker::BrokerOptions with_limits(const broker::Limits& limits) {
  auto options = options_for_tests();
  options.limits = limits;
  return options;
}

CallEnd publish(const Service& service, std::size_t size, const std::string& cache = k_cache) {
  return GrpcCall(channel_to(service), wire::k_publish,
                  publish_request(std::string(size, 'x'), "t", cache))
      .end();
}

}  // namespace

TEST_CASE("a payload may be as large as the limit and not a byte larger") {
  const Service service(with_limits({.payload = 4'096}));
  CHECK(publish(service, 4'096).status.ok());
  const CallEnd refused = publish(service, 4'097);
  CHECK(refused.code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(refused.err == "request_size_limit_exceeded");
  CHECK(refused.text() == "a message of 4097 bytes is over the request limit of 4096 bytes");
}

TEST_CASE("too many publishes in a second are refused") {
  const Service service(with_limits({.publish_rate = 2}));
  CHECK(publish(service, 1).status.ok());
  // How many pass depends on how long it takes, but not all of them.
  std::optional<CallEnd> refused;
  for (int i = 0; i < 200 && !refused; ++i) {
    CallEnd end = publish(service, 1);
    if (!end.status.ok()) refused = std::move(end);
  }
  REQUIRE(refused);
  CHECK(refused->code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(refused->err == "operations_rate_limit_exceeded");
  CHECK(refused->text() == "over the limit of 2 publish operations per second");
  // And time brings more.
  CHECK(eventually([&] { return publish(service, 1).status.ok(); }));
}

TEST_CASE("so many subscriptions may be open, and one that is cancelled makes room") {
  const Service service(with_limits({.subscriptions = 2}));
  const auto channel = channel_to(service);
  const auto subscribe = [&] {
    return std::make_unique<GrpcCall>(channel, wire::k_subscribe, subscribe_request());
  };
  const auto first = subscribe();
  const auto second = subscribe();
  REQUIRE(first->next());
  REQUIRE(second->next());

  const CallEnd refused = subscribe()->end();
  CHECK(refused.code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(refused.err == "topic_subscriptions_limit_exceeded");
  CHECK(refused.text() == "over the limit of 2 subscribers");
  CHECK(subscribe()->end().code() == grpc::StatusCode::RESOURCE_EXHAUSTED);

  second->cancel();
  std::unique_ptr<GrpcCall> third;
  CHECK(eventually([&] { return (third = subscribe())->next(); }));
  CHECK(subscribe()->end().code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_CASE("a subscription that the service ends makes room too") {
  const Service service(with_limits({.subscriptions = 1}));
  {
    auto subscription = service.subscribe("t");
    must(service.client.delete_cache(k_cache));
    CHECK(end_of(subscription).kind == ErrorKind::NotFound);
  }
  must(service.client.create_cache(k_cache));
  CHECK(eventually([&] { return service.client.subscribe(k_cache, "t").has_value(); }));
}

TEST_CASE("so many caches and no more, those made at start included") {
  const Service service(with_limits({.caches = 2}));
  must(service.client.create_cache("b"));
  const auto refused = service.client.create_cache("c");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::LimitExceeded);
  CHECK(refused.error().message == "over the limit of 2 caches");
  CHECK(service.client.create_cache("b").error().kind == ErrorKind::AlreadyExists);
  must(service.client.delete_cache("b"));
  must(service.client.create_cache("c"));
}

TEST_CASE("an unknown cache is NOT_FOUND without a trailer that names something else") {
  const Service service(with_limits(broker::momento_limits()));
  const CallEnd end = publish(service, 1, "missing");
  CHECK(end.code() == grpc::StatusCode::NOT_FOUND);
  CHECK(end.err.empty());
}

TEST_CASE("without limits the largest message is 10 MiB, and it arrives") {
  const Service service;
  auto subscription = service.subscribe("t");
  CHECK(publish(service, broker::k_largest_payload).status.ok());
  CHECK(next_message(subscription).value.bytes.size() == broker::k_largest_payload);

  const CallEnd refused = publish(service, broker::k_largest_payload + 1);
  CHECK(refused.code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(refused.err == "request_size_limit_exceeded");
  CHECK(refused.text() ==
        "a message of 10485761 bytes is over the request limit of 10485760 bytes");
}

TEST_CASE("a message beyond all bounds is refused and the others on its connection go on") {
  const Service service;
  const auto channel = channel_to(service);
  GrpcCall stream(channel, wire::k_subscribe, subscribe_request());
  REQUIRE(stream.next());
  const std::string huge(20'000'000, 'x');
  CHECK(GrpcCall(channel, wire::k_publish, publish_request(huge)).end().code() ==
        grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(GrpcCall(channel, wire::k_publish, publish_request("small")).end().status.ok());
  CHECK(stream.next());
}
