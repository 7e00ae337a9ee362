// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_topics.hpp"
#include "support/test_sockets.hpp"
#include "topic/subscription.hpp"
#include "wire/methods.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using model::Discontinuity;
using model::Heartbeat;
using model::Message;
using model::SubscriptionEvent;
using model::Value;
using topic::Client;
using topic::Subscription;

namespace {

using Clock = Subscription::Deadline::clock;

}  // namespace

TEST_CASE("a subscription sends one request and reads what comes in order") {
  Collector<std::string> methods;
  Collector<wire::SubscribeRequest> requests;
  ScriptedService service([&](ScriptedCall& call) {
    methods.add(call.method());
    requests.add(must(wire::parse_subscribe_request(call.read())));
    call.write(heartbeat());
    call.write(wire::serialize(Discontinuity{3, 8, 7}));
    call.write(item(9, "nine"));
    call.wait_until_cancelled();
  });
  const Client client = client_of(service.endpoint());
  auto subscription = must(client.subscribe("c", "t", {3, 7}));
  CHECK(next_event(subscription) == SubscriptionEvent(Heartbeat{}));
  CHECK(next_event(subscription) == SubscriptionEvent(Discontinuity{3, 8, 7}));
  CHECK(next_event(subscription) ==
        SubscriptionEvent(Message{"c", "t", 9, 7, "", Value::text("nine")}));
  CHECK(methods.items() == std::vector<std::string>{std::string(wire::k_subscribe)});
  CHECK(requests.items() == std::vector<wire::SubscribeRequest>{{"c", "t", {3, 7}}});
}

TEST_CASE("a first message that is no heartbeat is not lost") {
  ScriptedService service([](ScriptedCall& call) {
    call.write(item(1, "first"));
    call.wait_until_cancelled();
  });
  auto subscription = subscribe_to(service.endpoint());
  CHECK(next_message(subscription).value.bytes == "first");
}

TEST_CASE("a deadline that passes loses nothing") {
  Gate gate;
  ScriptedService service(after_heartbeat([&](ScriptedCall& call) {
    gate.wait();
    call.write(item(1, "one"));
    call.write(item(2, "two"));
  }));
  auto subscription = subscribe_to(service.endpoint());
  next_event(subscription);
  for (const auto wait : {std::chrono::milliseconds(-1), std::chrono::milliseconds(0),
                          std::chrono::milliseconds(5), std::chrono::milliseconds(1)}) {
    CHECK_FALSE(must(subscription.next({}, Clock::now() + wait)));
  }
  gate.open();
  CHECK(next_message(subscription).value.bytes == "one");
  CHECK(next_message(subscription).value.bytes == "two");
  CHECK_FALSE(must(subscription.next({}, Clock::now() + std::chrono::milliseconds(1))));
}

TEST_CASE("polling with a deadline of now gets every message in the end") {
  const Service service;
  auto subscription = service.subscribe("t");
  constexpr std::uint64_t k_messages = 50;
  for (std::uint64_t i = 1; i <= k_messages; ++i)
    service.publish("t", std::to_string(i));
  std::vector<std::uint64_t> seen;
  const bool complete = eventually([&] {
    const auto event = must(subscription.next({}, Clock::now()));
    if (event && std::holds_alternative<Message>(*event)) {
      seen.push_back(std::get<Message>(*event).sequence_number);
    }
    return seen.size() == k_messages;
  });
  REQUIRE(complete);
  for (std::uint64_t i = 0; i < k_messages; ++i)
    CHECK(seen[i] == i + 1);
}

TEST_CASE("a service that sends no first message in time is DeadlineExceeded") {
  ScriptedService service([](ScriptedCall& call) { call.wait_until_cancelled(); });
  const Client client = must(Client::connect(impatient(service.endpoint())));
  const auto subscribed = client.subscribe("c", "t");
  REQUIRE_FALSE(subscribed);
  CHECK(subscribed.error().kind == ErrorKind::DeadlineExceeded);
  CHECK(subscribed.error().message.find(service.endpoint()) != std::string::npos);
}

TEST_CASE("a connection that never comes about is DeadlineExceeded and no endless wait") {
  const SilentPort port;
  const Client client = must(Client::connect(impatient(port.endpoint())));
  const auto subscribed = client.subscribe("c", "t");
  REQUIRE_FALSE(subscribed);
  CHECK(subscribed.error().kind == ErrorKind::DeadlineExceeded);
}

TEST_CASE("a subscription outlives its timeout, which is one of the first message only") {
  ScriptedService service(after_heartbeat([](ScriptedCall&) {}));
  auto options = patient(service.endpoint());
  options.timeout = std::chrono::milliseconds(500);
  auto subscription = must(must(Client::connect(options)).subscribe("c", "t"));
  next_event(subscription);
  CHECK_FALSE(must(subscription.next({}, Clock::now() + 2 * options.timeout)));
}

TEST_CASE("a subscription moves with its outstanding read and ends the one it replaces") {
  Collector<bool> cancelled;
  Gate gate;
  ScriptedService service([&](ScriptedCall& call) {
    const auto request = must(wire::parse_subscribe_request(call.read()));
    call.write(heartbeat());
    if (request.topic == "moved") {
      gate.wait();
      call.write(item(1, "one"));
    }
    call.wait_until_cancelled();
    cancelled.add(true);
  });
  const Client client = client_of(service.endpoint());
  auto source = must(client.subscribe("c", "moved"));
  next_event(source);
  CHECK_FALSE(must(source.next({}, Clock::now())));

  auto target = must(client.subscribe("c", "replaced"));
  next_event(target);
  CHECK_FALSE(must(target.next({}, Clock::now())));
  target = std::move(source);
  CHECK(cancelled.wait_for_count(1));
  gate.open();
  CHECK(next_message(target).value.bytes == "one");
}

TEST_CASE("a subscription goes on after its client is gone") {
  const Service service;
  auto subscription = [&] {
    const Client client = client_of(service.broker.endpoint());
    return must(client.subscribe(k_cache, "t"));
  }();
  service.publish("t", "x");
  CHECK(next_message(subscription).value.bytes == "x");
}
