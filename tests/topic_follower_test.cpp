// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_topics.hpp"
#include "topic/follower.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>

using namespace topicloop;
using namespace topicloop::test;
using topic::Follower;
using topic::FollowerEvent;
using topic::Interrupted;
using topic::Resumed;

namespace {

Follower follow(const std::string& endpoint, const model::ResumePoint& start = {}) {
  return must(Follower::open(client_of(endpoint), "c", "t", start));
}

FollowerEvent next_event(Follower& follower) {
  while (true) {
    auto event = must(follower.next({}, std::chrono::steady_clock::now() + k_patience));
    if (!event) throw std::runtime_error("no event came");
    if (!std::holds_alternative<model::Heartbeat>(*event)) return *std::move(event);
  }
}

// Why it ends, after whatever heartbeats still come.
Error end_of(Follower& follower) {
  while (true) {
    auto event = follower.next({}, std::chrono::steady_clock::now() + k_patience);
    if (!event) return std::move(event).error();
    if (!*event) throw std::runtime_error("the subscription does not end");
  }
}

template <typename Event>
Event next(Follower& follower) {
  return std::get<Event>(next_event(follower));
}

// Each stream runs its own step of the script, the last step also all later ones.
ScriptedService::Script streams(std::vector<std::function<void(ScriptedCall&)>> steps) {
  const auto count = std::make_shared<std::atomic<std::size_t>>(0);
  return [steps = std::move(steps), count](ScriptedCall& call) {
    steps[std::min(count->fetch_add(1), steps.size() - 1)](call);
  };
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

model::ResumePoint asked_for(ScriptedCall& call) {
  return must(wire::parse_subscribe_request(call.read())).resume;
}

}  // namespace

TEST_CASE("a stream that ends is taken up again where it stood, and what comes twice is dropped") {
  using Code = grpc::StatusCode;
  for (const Code code : {Code::OK, Code::UNAVAILABLE, Code::INTERNAL, Code::UNKNOWN,
                          Code::RESOURCE_EXHAUSTED, Code::DEADLINE_EXCEEDED, Code::UNIMPLEMENTED}) {
    CAPTURE(code);
    std::promise<model::ResumePoint> asked;
    const ScriptedService service(streams({
        after_heartbeat([&](ScriptedCall& call) {
          call.write(item(1, "one"));
          call.write(item(2, "two"));
          call.end({code, "because"});
        }),
        [&](ScriptedCall& call) {
          asked.set_value(asked_for(call));
          call.write(heartbeat());
          call.write(item(2, "two"));
          call.write(item(3, "three"));
          call.wait_until_cancelled();
        },
    }));
    auto follower = follow(service.endpoint());
    CHECK(next<model::Message>(follower).sequence_number == 1);
    CHECK(next<model::Message>(follower).sequence_number == 2);
    next<Interrupted>(follower);
    next<Resumed>(follower);
    CHECK(next<model::Message>(follower).sequence_number == 3);
    CHECK(asked.get_future().get() == model::ResumePoint{3, 7});
  }
}

TEST_CASE("the four final answers end a subscription at once") {
  using Code = grpc::StatusCode;
  for (const Code code :
       {Code::NOT_FOUND, Code::PERMISSION_DENIED, Code::UNAUTHENTICATED, Code::CANCELLED}) {
    CAPTURE(code);
    const ScriptedService service(after_heartbeat([&](ScriptedCall& call) {
      call.end({code, "because"});
    }));
    auto follower = follow(service.endpoint());
    CHECK(contains(end_of(follower).message, "because"));
    CHECK(service.calls() == 1);
  }
}

TEST_CASE("a final answer while taking a stream up again ends the subscription") {
  const ScriptedService service(streams({
      after_heartbeat([](ScriptedCall& call) {
        call.write(item(1, "one"));
        call.end({grpc::StatusCode::UNAVAILABLE, "because"});
      }),
      [](ScriptedCall& call) {
        call.end({grpc::StatusCode::NOT_FOUND, "the cache is gone"});
      },
  }));
  auto follower = follow(service.endpoint());
  next<model::Message>(follower);
  next<Interrupted>(follower);
  CHECK(end_of(follower).kind == ErrorKind::NotFound);
}

TEST_CASE("a call cancelled by a service that goes down is tried again, and once only") {
  const auto cancel = [](ScriptedCall& call) {
    call.end({grpc::StatusCode::CANCELLED, "because"});
  };
  const auto end = after_heartbeat([](ScriptedCall& call) {
    call.write(item(1, "one"));
    call.end({grpc::StatusCode::UNAVAILABLE, "because"});
  });
  const ScriptedService service(streams({end, cancel, end, cancel, cancel}));
  auto follower = follow(service.endpoint());
  next<model::Message>(follower);
  next<Interrupted>(follower);
  next<Resumed>(follower);
  next<Interrupted>(follower);
  CHECK(end_of(follower).kind == ErrorKind::Cancelled);
  CHECK(service.calls() == 5);
}

TEST_CASE("a break is told once, however many attempts it takes") {
  const auto refuse = [](ScriptedCall& call) {
    call.end({grpc::StatusCode::UNAVAILABLE, "not yet"});
  };
  const ScriptedService service(streams({
      after_heartbeat([](ScriptedCall& call) {
        call.write(item(1, "one"));
        call.end({grpc::StatusCode::UNAVAILABLE, "because"});
      }),
      refuse,
      refuse,
      after_heartbeat([](ScriptedCall& call) { call.write(item(2, "two")); }),
  }));
  auto follower = follow(service.endpoint());
  next<model::Message>(follower);
  CHECK(contains(next<Interrupted>(follower).reason.message, "because"));
  next<Resumed>(follower);
  CHECK(next<model::Message>(follower).sequence_number == 2);
  CHECK(service.calls() == 4);
}

TEST_CASE("what is lost during a break is told before what follows it") {
  const ScriptedService service(streams({
      after_heartbeat([](ScriptedCall& call) {
        call.write(item(1, "one"));
        call.end({grpc::StatusCode::UNAVAILABLE, "because"});
      }),
      after_heartbeat([](ScriptedCall& call) {
        call.write(wire::serialize(model::Discontinuity{2, 9, 7}));
        call.write(item(10, "ten"));
      }),
  }));
  auto follower = follow(service.endpoint());
  next<model::Message>(follower);
  next<Interrupted>(follower);
  next<Resumed>(follower);
  CHECK(next<model::Gap>(follower).missing == std::vector<model::Gap::Range>{{7, 2, 9}});
  CHECK(next<model::Message>(follower).sequence_number == 10);
}

TEST_CASE("a break before anything was received is told as a gap without bounds") {
  const ScriptedService service(streams({
      after_heartbeat([](ScriptedCall& call) {
        call.end({grpc::StatusCode::UNAVAILABLE, "because"});
      }),
      after_heartbeat([](ScriptedCall& call) { call.write(item(5, "five")); }),
  }));
  auto follower = follow(service.endpoint());
  next<Interrupted>(follower);
  next<Resumed>(follower);
  CHECK(next<model::Gap>(follower).missing.empty());
  CHECK(next<model::Message>(follower).sequence_number == 5);
}

TEST_CASE("a break before anything was received loses nothing of a service that says where it is") {
  const Service service;
  service.publish("t", "before");
  auto follower = must(Follower::open(service.client, k_cache, "t", {}));
  CHECK(follower.position().sequence_number == 2);
  const ScriptedService cut(streams({
      [&](ScriptedCall& call) {
        call.add_header("topicloop-position", "2/7");
        call.write(heartbeat());
        call.end({grpc::StatusCode::UNAVAILABLE, "because"});
      },
      [](ScriptedCall& call) {
        const auto asked = asked_for(call);
        call.write(heartbeat());
        call.write(item(asked.sequence_number, "page " + std::to_string(asked.sequence_page)));
        call.wait_until_cancelled();
      },
  }));
  auto broken = follow(cut.endpoint());
  next<Interrupted>(broken);
  next<Resumed>(broken);
  const auto message = next<model::Message>(broken);
  CHECK(message.sequence_number == 2);
  CHECK(message.value.bytes == "page 7");
}

TEST_CASE("the position is that of what was told and not of what was received") {
  const ScriptedService service(after_heartbeat([](ScriptedCall& call) {
    call.write(item(1, "one"));
    call.write(item(4, "four"));
    call.write(wire::serialize(model::Discontinuity{5, 9, 7}));
  }));
  auto follower = follow(service.endpoint());
  next<model::Message>(follower);
  CHECK(follower.position() == model::ResumePoint{2, 7});
  CHECK(next<model::Gap>(follower).missing == std::vector<model::Gap::Range>{{7, 2, 3}});
  CHECK(follower.position() == model::ResumePoint{2, 7});  // Message 4 is still to be told.
  next<model::Message>(follower);
  CHECK(follower.position() == model::ResumePoint{5, 7});
  CHECK(next<model::Gap>(follower).missing == std::vector<model::Gap::Range>{{7, 5, 9}});
  CHECK(follower.position() == model::ResumePoint{10, 7});
}

TEST_CASE("a service that was killed and started again is found again") {
  auto options = options_for_tests();
  auto broker = std::make_unique<broker::Broker>(must(broker::Broker::start(options)));
  options.address = broker->endpoint();
  const auto client = client_of(broker->endpoint());
  auto follower = must(Follower::open(client, k_cache, "t", {}));
  must(client.publish(k_cache, "t", model::Value::text("one")));
  const auto first = next<model::Message>(follower);
  broker.reset();
  next<Interrupted>(follower);
  broker = std::make_unique<broker::Broker>(must(broker::Broker::start(options)));
  next<Resumed>(follower);
  // Published after the restart: the page is a new one.
  while (!client.publish(k_cache, "t", model::Value::text("two"))) {
  }
  const auto gap = next<model::Gap>(follower);
  CHECK(gap.missing == std::vector<model::Gap::Range>{{first.sequence_page, 2, std::nullopt}});
  CHECK(next<model::Message>(follower).value.bytes == "two");
}

TEST_CASE("waiting for a lost service ends with a stop and with a deadline") {
  auto service = std::make_unique<ScriptedService>(after_heartbeat([](ScriptedCall&) {}));
  auto follower = follow(service->endpoint());
  service.reset();
  next<Interrupted>(follower);
  CHECK(!must(follower.next({}, std::chrono::steady_clock::now())));
  std::stop_source stop;
  stop.request_stop();
  CHECK(follower.next(stop.get_token()).error().kind == ErrorKind::Cancelled);
}
