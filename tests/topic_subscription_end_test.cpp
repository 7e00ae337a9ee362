// SPDX-License-Identifier: Apache-2.0
// How subscriptions end: by the service, by the network, or by the client itself.
#include "support/scripted_topics.hpp"
#include "support/test_sockets.hpp"
#include "topic/client.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace topicloop;
using namespace topicloop::test;
using topic::Client;
using Clock = topic::Subscription::Deadline::clock;

TEST_CASE("every status before the first message is the error of its kind") {
  for (const auto& [code, kind] : every_failure()) {
    ScriptedService service(
        [status = grpc::Status(code, "because")](ScriptedCall& call) { call.end(status); });
    const auto subscribed = client_of(service.endpoint()).subscribe("c", "t");
    INFO("status " << code);
    REQUIRE_FALSE(subscribed);
    CHECK(subscribed.error().kind == kind);
    CHECK(subscribed.error().message.find(words_of(code, service.endpoint())) != std::string::npos);
  }
}

TEST_CASE("every status in the middle of a stream ends it for good after what was sent before") {
  for (const auto& [code, kind] : every_failure()) {
    ScriptedService service([status = grpc::Status(code, "because")](ScriptedCall& call) {
      call.write(heartbeat());
      call.write(item(1, "one"));
      call.end(status);
    });
    auto subscription = subscribe_to(service.endpoint());
    INFO("status " << code);
    CHECK(next_message(subscription).value.bytes == "one");
    for (int again = 0; again < 2; ++again) {
      const auto end = subscription.next({});
      REQUIRE_FALSE(end);
      CHECK(end.error().kind == kind);
      CHECK(end.error().message.find(words_of(code, service.endpoint())) != std::string::npos);
    }
  }
}

TEST_CASE("a stream that is over before its start was noticed is read to its end") {
  ScriptedService service([](ScriptedCall& call) {
    call.write(heartbeat());
    call.write(item(1, "one"));
    call.end({grpc::StatusCode::NOT_FOUND, "gone"});
  });
  const Client client = client_of(service.endpoint());
  // Who is first is up to the scheduler; in so many rounds each is.
  for (int round = 0; round < 100; ++round) {
    auto subscription = must(client.subscribe("c", "t"));
    CHECK(next_message(subscription).value.bytes == "one");
    CHECK(end_of(subscription).kind == ErrorKind::NotFound);
  }
}

TEST_CASE("a stream that ends OK is Unavailable because a subscription has no natural end") {
  ScriptedService at_once([](ScriptedCall& call) { call.end(grpc::Status::OK); });
  CHECK(client_of(at_once.endpoint()).subscribe("c", "t").error().kind == ErrorKind::Unavailable);

  ScriptedService later([](ScriptedCall& call) { call.answer(heartbeat()); });
  auto subscription = subscribe_to(later.endpoint());
  const Error end = end_of(subscription);
  CHECK(end.kind == ErrorKind::Unavailable);
  CHECK(end.message.find(later.endpoint()) != std::string::npos);
}

TEST_CASE("an item that cannot be read ends the subscription as ServiceFailed") {
  ScriptedService at_once([](ScriptedCall& call) {
    call.write("\xFF\xFF");
    call.wait_until_cancelled();
  });
  CHECK(client_of(at_once.endpoint()).subscribe("c", "t").error().kind == ErrorKind::ServiceFailed);

  ScriptedService later(after_heartbeat([](ScriptedCall& call) {
    call.write("\xFF\xFF");
    call.write(item(2, "after"));
  }));
  auto subscription = subscribe_to(later.endpoint());
  const Error end = end_of(subscription);
  CHECK(end.kind == ErrorKind::ServiceFailed);
  const auto again = subscription.next({}, Clock::now() + k_patience);
  REQUIRE_FALSE(again);
  CHECK(again.error().message == end.message);
}

TEST_CASE("a connection that is cut ends the subscription as Unavailable") {
  ScriptedService service(after_heartbeat([](ScriptedCall& call) { call.write(item(1, "one")); }));
  Relay relay(service.endpoint());
  auto subscription = subscribe_to(relay.endpoint());
  CHECK(next_message(subscription).value.bytes == "one");
  relay.cut();
  CHECK(end_of(subscription).kind == ErrorKind::Unavailable);
}

TEST_CASE("a service that goes away hard ends the subscription in an error") {
  ScriptedService service(after_heartbeat([](ScriptedCall&) {}));
  auto subscription = subscribe_to(service.endpoint());
  service.stop();
  const Error end = end_of(subscription);
  CHECK((end.kind == ErrorKind::Unavailable || end.kind == ErrorKind::Cancelled));
}

TEST_CASE("a stop ends a waiting subscription as Cancelled and for good") {
  ScriptedService service(after_heartbeat([](ScriptedCall&) {}));
  auto subscription = subscribe_to(service.endpoint());
  next_event(subscription);
  std::stop_source stop;
  auto ended =
      std::async(std::launch::async, [&] { return subscription.next(stop.get_token()).error(); });
  stop.request_stop();
  CHECK(ended.get().kind == ErrorKind::Cancelled);
  CHECK(subscription.next({}).error().kind == ErrorKind::Cancelled);
}

TEST_CASE("a stop ends a subscribe that waits for its first message as Cancelled") {
  ScriptedService service([](ScriptedCall& call) { call.wait_until_cancelled(); });
  const Client client = client_of(service.endpoint());
  std::stop_source stop;
  auto subscribed = std::async(std::launch::async,
                               [&] { return client.subscribe("c", "t", {}, stop.get_token()); });
  CHECK(eventually([&] { return service.calls() == 1; }));
  stop.request_stop();
  CHECK(subscribed.get().error().kind == ErrorKind::Cancelled);
}

TEST_CASE("a stop ends a subscribe that is still connecting") {
  const SilentPort port;
  const Client client = client_of(port.endpoint());
  std::stop_source stop;
  auto subscribed = std::async(std::launch::async,
                               [&] { return client.subscribe("c", "t", {}, stop.get_token()); });
  const OwnedSocket connected(::accept(port.fd(), nullptr, nullptr));
  stop.request_stop();
  CHECK(subscribed.get().error().kind == ErrorKind::Cancelled);
}

TEST_CASE("destruction with a read outstanding cancels the stream") {
  Collector<bool> cancelled;
  ScriptedService service([&](ScriptedCall& call) {
    call.write(heartbeat());
    call.wait_until_cancelled();
    cancelled.add(true);
  });
  {
    auto subscription = subscribe_to(service.endpoint());
    next_event(subscription);
    CHECK_FALSE(must(subscription.next({}, Clock::now())));
  }
  CHECK(cancelled.wait_for_count(1));
}
