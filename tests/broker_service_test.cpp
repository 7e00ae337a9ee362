// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"
#include "support/service.hpp"
#include "topic/client.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <thread>

using namespace topicloop;
using namespace topicloop::test;
using model::Discontinuity;
using model::Heartbeat;
using model::Message;
using model::Value;

TEST_CASE("a published message reaches a subscriber with number 1 and a page below 2^53") {
  const Service service;
  auto subscription = service.subscribe("topic 2");
  service.publish("topic 2", "hello");
  const Message message = next_message(subscription);
  CHECK(message.cache == k_cache);
  CHECK(message.topic == "topic 2");
  CHECK(message.sequence_number == 1);
  CHECK(message.sequence_page > 0);
  CHECK(message.sequence_page < (std::uint64_t{1} << 53U));
  CHECK(message.publisher_id.empty());
  CHECK(message.value == Value::text("hello"));
}

TEST_CASE("every kind of payload arrives as it was sent") {
  const Service service;
  auto subscription = service.subscribe("t");
  const Value values[] = {
      Value::text(""), Value::binary(""), Value::text("straße \xF0\x9F\x98\x80"),
      Value::binary(std::string("\0\xFF\x80", 3)), Value::text(std::string(1'000'000, 'x'))};
  for (const Value& value : values) {
    must(service.client.publish(k_cache, "t", value));
    CHECK(next_message(subscription).value == value);
  }
}

TEST_CASE("messages arrive in the order of their numbers for every subscriber") {
  const Service service;
  auto one = service.subscribe("t");
  auto two = service.subscribe("t");
  for (int i = 1; i <= 200; ++i)
    service.publish("t", std::to_string(i));
  for (std::uint64_t i = 1; i <= 200; ++i) {
    for (auto* subscription : {&one, &two}) {
      const Message message = next_message(*subscription);
      REQUIRE(message.sequence_number == i);
      REQUIRE(message.value.bytes == std::to_string(i));
    }
  }
}

TEST_CASE("topics of one cache and caches do not mix") {
  const Service service;
  must(service.client.create_cache("other"));
  auto subscription = service.subscribe("t");
  service.publish("u", "other topic");
  must(service.client.publish("other", "t", Value::text("other cache")));
  service.publish("t", "mine");
  CHECK(next_message(subscription).value.bytes == "mine");
}

TEST_CASE("every subscription begins with a heartbeat, also one that resumes") {
  const Service service;
  service.publish("t", "1");
  auto fresh = service.subscribe("t");
  auto resumed = service.subscribe("t", {1, 0});
  auto reset = service.subscribe("t", {5, 1});
  CHECK(next_event(fresh) == model::SubscriptionEvent(Heartbeat{}));
  CHECK(next_event(resumed) == model::SubscriptionEvent(Heartbeat{}));
  CHECK(next_event(reset) == model::SubscriptionEvent(Heartbeat{}));
  CHECK(std::holds_alternative<Message>(next_event(resumed)));
  CHECK(std::holds_alternative<Discontinuity>(next_event(reset)));
  CHECK(std::holds_alternative<Message>(next_event(reset)));
}

TEST_CASE("heartbeats go on while nothing is published") {
  auto options = options_for_tests();
  options.heartbeat_period = std::chrono::milliseconds(20);
  const Service service(std::move(options));
  auto subscription = service.subscribe("t");
  for (int i = 0; i < 5; ++i) {
    CHECK(next_event(subscription) == model::SubscriptionEvent(Heartbeat{}));
  }
}

TEST_CASE("a subscriber that comes back within retention loses nothing and sees nothing twice") {
  const Service service;
  std::uint64_t page = 0;
  {
    auto subscription = service.subscribe("t");
    service.publish("t", "1");
    page = next_message(subscription).sequence_page;
  }
  service.publish("t", "2");
  service.publish("t", "3");
  auto again = service.subscribe("t", {2, page});
  CHECK(next_message(again).value.bytes == "2");
  CHECK(next_message(again).value.bytes == "3");
  service.publish("t", "4");
  CHECK(next_message(again).value.bytes == "4");
}

TEST_CASE("resume beyond retention is a discontinuity that names what is missing") {
  auto options = options_for_tests();
  options.retention.messages = 2;
  const Service service(std::move(options));
  std::uint64_t page = 0;
  {
    auto subscription = service.subscribe("t");
    service.publish("t", "1");
    page = next_message(subscription).sequence_page;
  }
  for (int i = 2; i <= 6; ++i)
    service.publish("t", std::to_string(i));
  auto again = service.subscribe("t", {2, page});
  CHECK(std::get<Discontinuity>(next_but_heartbeats(again)) == Discontinuity{2, 4, page});
  CHECK(next_message(again).value.bytes == "5");
}

TEST_CASE("after a restart the page is another one and a resumed subscriber is told") {
  std::string endpoint;
  std::uint64_t page = 0;
  {
    const Service service;
    endpoint = service.broker.endpoint();
    auto subscription = service.subscribe("t");
    service.publish("t", "1");
    page = next_message(subscription).sequence_page;
  }
  auto options = options_for_tests();
  options.address = endpoint;
  const Service service(std::move(options));
  auto again = service.subscribe("t", {2, page});
  const auto gap = std::get<Discontinuity>(next_but_heartbeats(again));
  CHECK(gap.new_sequence_page > page);
  CHECK(gap.new_topic_sequence == 0);
  service.publish("t", "new");
  CHECK(next_message(again).sequence_number == 1);
}

TEST_CASE("a subscriber that does not read slows nobody down and is told what it lost") {
  auto options = options_for_tests();
  options.retention.messages = 10;
  const Service service(std::move(options));
  auto stopped = service.subscribe("t");
  auto reading = service.subscribe("t");
  const std::string large(100'000, 'x');
  constexpr std::uint64_t k_messages = 300;  // 30 MB: more than any buffer on the way holds.
  for (std::uint64_t i = 1; i <= k_messages; ++i) {
    service.publish("t", large);
    REQUIRE(next_message(reading).sequence_number == i);
  }
  // The bounds add up: every number is either seen or reported as lost, once.
  std::uint64_t expected = 1;
  bool lost_some = false;
  while (expected <= k_messages) {
    const auto event = next_but_heartbeats(stopped);
    if (const auto* gap = std::get_if<Discontinuity>(&event)) {
      lost_some = true;
      REQUIRE(gap->last_topic_sequence == expected);
      expected = gap->new_topic_sequence + 1;
    } else {
      REQUIRE(std::get<Message>(event).sequence_number == expected);
      ++expected;
    }
  }
  CHECK(lost_some);
}

TEST_CASE("an unknown cache is NotFound by name") {
  const Service service;
  const auto published = service.client.publish("missing", "t", Value::text(""));
  REQUIRE_FALSE(published);
  CHECK(published.error().kind == ErrorKind::NotFound);
  CHECK(published.error().message.find("missing") != std::string::npos);
  const auto subscribed = service.client.subscribe("missing", "t");
  REQUIRE_FALSE(subscribed);
  CHECK(subscribed.error().kind == ErrorKind::NotFound);
}

TEST_CASE("deleting a cache ends its subscriptions with NotFound") {
  const Service service;
  auto subscription = service.subscribe("t");
  must(service.client.delete_cache(k_cache));
  CHECK(end_of(subscription).kind == ErrorKind::NotFound);
}

TEST_CASE("shutdown ends every subscription as unavailable, never as done or cancelled") {
  Service service;
  std::vector<topic::Subscription> subscriptions;
  for (int i = 0; i < 50; ++i)
    subscriptions.push_back(service.subscribe("t"));
  service.broker.stop();
  for (auto& subscription : subscriptions) {
    CHECK(end_of(subscription).kind == ErrorKind::Unavailable);
  }
}

TEST_CASE("a thousand subscriptions share one connection") {
  const Service service;
  std::vector<topic::Subscription> subscriptions;
  for (int i = 0; i < 1'000; ++i)
    subscriptions.push_back(service.subscribe("t"));
  service.publish("t", "to all");
  for (auto& subscription : subscriptions) {
    REQUIRE(next_message(subscription).value.bytes == "to all");
  }
}

TEST_CASE("caches are made once, listed and deleted") {
  const Service service;
  must(service.client.create_cache("b"));
  CHECK(service.client.create_cache("b").error().kind == ErrorKind::AlreadyExists);
  CHECK(must(service.client.list_caches()) == std::vector<std::string>{"b", k_cache});
  must(service.client.flush_cache("b"));
  must(service.client.delete_cache("b"));
  CHECK(service.client.delete_cache("b").error().kind == ErrorKind::NotFound);
  CHECK(service.client.flush_cache("b").error().kind == ErrorKind::NotFound);
  CHECK(must(service.client.list_caches()) == std::vector<std::string>{k_cache});
}

TEST_CASE("the service answers a ping") {
  const Service service;
  CHECK(service.client.ping());
}

TEST_CASE("a second broker on the same address fails and says why") {
  const Service service;
  auto options = options_for_tests();
  options.address = service.broker.endpoint();
  const auto second = broker::Broker::start(std::move(options));
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::Unavailable);
  CHECK(second.error().message.find(service.broker.endpoint()) != std::string::npos);
  CHECK(second.error().message.find("in use") != std::string::npos);
}

TEST_CASE("an address that is none is a usage error") {
  auto options = options_for_tests();
  options.address = "nonsense";
  CHECK(broker::Broker::start(std::move(options)).error().kind == ErrorKind::Usage);
}

TEST_CASE("a Unix socket carries everything and is free again afterwards") {
  std::string directory = "/tmp/topicloop-test-XXXXXX";
  REQUIRE(::mkdtemp(directory.data()) != nullptr);
  const std::string path = directory + "/socket";
  for (int round = 0; round < 2; ++round) {
    auto options = options_for_tests();
    options.address = "unix:" + path;
    const Service service(std::move(options));
    CHECK(service.broker.endpoint() == "unix:" + path);
    auto subscription = service.subscribe("t");
    service.publish("t", "hello");
    CHECK(next_message(subscription).value.bytes == "hello");
    auto second = options_for_tests();
    second.address = "unix:" + path;
    CHECK_FALSE(broker::Broker::start(std::move(second)));
  }
  std::filesystem::remove_all(directory);
}

TEST_CASE("publishers on many threads get a number each and none is lost") {
  const Service service;
  auto subscription = service.subscribe("t");
  constexpr int k_threads = 4;
  constexpr int k_each = 200;
  std::vector<std::thread> threads;
  for (int i = 0; i < k_threads; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < k_each; ++k)
        service.publish("t", "x");
    });
  }
  for (auto& thread : threads)
    thread.join();
  for (std::uint64_t i = 1; i <= k_threads * k_each; ++i) {
    REQUIRE(next_message(subscription).sequence_number == i);
  }
}
