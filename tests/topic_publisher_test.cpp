// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_topics.hpp"
#include "topic/publisher.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>
#include <semaphore>

using namespace topicloop;
using namespace topicloop::test;
using model::Value;
using topic::Publisher;
using topic::PublisherOptions;

namespace {

// What on_result is told: the index, and the kind of error if there was one.
struct Outcome {
  std::uint64_t index = 0;
  std::optional<ErrorKind> failure;
  bool operator==(const Outcome&) const = default;
};

struct Results {
  PublisherOptions options(std::size_t in_flight) {
    return {.cache = "c",
            .in_flight = in_flight,
            .on_result = [this](std::uint64_t index, const Result<void>& outcome) {
              seen.push_back({index, outcome ? std::nullopt : std::optional(outcome.error().kind)});
            }};
  }
  std::vector<Outcome> sorted() const {
    auto copy = seen;
    std::sort(copy.begin(), copy.end(), [](auto& a, auto& b) { return a.index < b.index; });
    return copy;
  }
  std::vector<Outcome> seen;
};

std::vector<Outcome> all(std::uint64_t count, std::optional<ErrorKind> failure = {}) {
  std::vector<Outcome> outcomes;
  for (std::uint64_t i = 0; i < count; ++i)
    outcomes.push_back({i, failure});
  return outcomes;
}

constexpr auto k_silence = [](ScriptedCall& call) { call.wait_until_cancelled(); };

// Answers only when allowed to, and counts how many messages wait for that at a time.
class HoldingService {
public:
  const std::string& endpoint() const { return service_.endpoint(); }
  void allow_one() { permits_.release(); }
  int most_at_once() const { return most_; }
  std::vector<std::string> texts() const { return texts_.items(); }

private:
  void hold(ScriptedCall& call) {
    {
      const std::lock_guard lock(mutex_);
      if (++now_ > most_) most_ = now_;
    }
    texts_.add(must(wire::parse_publish_request(call.read())).value.bytes);
    static_cast<void>(permits_.try_acquire_for(k_patience));
    {
      // Before the answer: whoever has seen it may send the next.
      const std::lock_guard lock(mutex_);
      --now_;
    }
    call.answer("");
  }

  std::mutex mutex_;
  int now_ = 0;
  std::atomic<int> most_ = 0;
  std::counting_semaphore<> permits_{0};
  Collector<std::string> texts_;
  ScriptedService service_{[this](ScriptedCall& call) { hold(call); }};
};

}  // namespace

TEST_CASE("no more messages are in flight than the window allows, and so many are") {
  constexpr int k_messages = 20;
  for (const int window : {1, 4}) {
    HoldingService held;
    Results results;
    auto publishing = std::async(std::launch::async, [&] {
      auto publisher =
          client_of(held.endpoint()).publisher(results.options(static_cast<std::size_t>(window)));
      for (int i = 0; i < k_messages; ++i)
        publisher.publish("t", Value::text(std::to_string(i)));
      publisher.flush();
    });
    // The window fills before the first answer.
    CHECK(eventually([&] { return held.most_at_once() == window; }));
    for (int i = 0; i < k_messages; ++i)
      held.allow_one();
    publishing.get();
    CHECK(held.most_at_once() == window);
    CHECK(results.sorted() == all(k_messages));
  }
}

TEST_CASE("with one in flight messages arrive in the order given and each is answered first") {
  const Service service;
  auto subscription = service.subscribe("t");
  Results results;
  auto options = results.options(1);
  options.cache = k_cache;
  auto publisher = service.client.publisher(std::move(options));
  for (std::uint64_t i = 0; i < 200; ++i) {
    publisher.publish("t", Value::text(std::to_string(i)));
    REQUIRE(results.seen.size() == i + 1);
  }
  CHECK(results.seen == all(200));
  for (int i = 0; i < 200; ++i) {
    REQUIRE(next_message(subscription).value.bytes == std::to_string(i));
  }
}

TEST_CASE("a window of many loses nothing and doubles nothing") {
  const Service service;
  auto subscription = service.subscribe("t");
  Results results;
  auto options = results.options(32);
  options.cache = k_cache;
  auto publisher = service.client.publisher(std::move(options));
  for (int i = 0; i < 500; ++i)
    publisher.publish("t", Value::text(std::to_string(i)));
  publisher.flush();
  CHECK(results.sorted() == all(500));
  std::vector<bool> seen(500, false);
  for (int i = 0; i < 500; ++i)
    seen[static_cast<std::size_t>(std::stoi(next_message(subscription).value.bytes))] = true;
  CHECK(std::count(seen.begin(), seen.end(), true) == 500);
}

TEST_CASE("a message that fails is reported as such and those after it go on") {
  ScriptedService service([](ScriptedCall& call) {
    const auto request = must(wire::parse_publish_request(call.read()));
    if (request.value.bytes == "bad") {
      call.end({grpc::StatusCode::RESOURCE_EXHAUSTED, "too much"});
    } else {
      call.answer("");
    }
  });
  for (const std::size_t window : {1U, 3U}) {
    Results results;
    auto publisher = client_of(service.endpoint()).publisher(results.options(window));
    for (const auto* text : {"a", "b", "bad", "c", "bad", "d"})
      publisher.publish("t", Value::text(text));
    publisher.flush();
    auto expected = all(6);
    expected[2].failure = expected[4].failure = ErrorKind::LimitExceeded;
    CHECK(results.sorted() == expected);
  }
}

TEST_CASE("where nobody listens every message is reported as Unavailable") {
  std::string endpoint;
  {
    ScriptedService gone(k_silence);
    endpoint = gone.endpoint();
  }
  Results results;
  auto publisher = client_of(endpoint).publisher(results.options(2));
  for (int i = 0; i < 5; ++i)
    publisher.publish("t", Value::text("x"));
  publisher.flush();
  CHECK(results.sorted() == all(5, ErrorKind::Unavailable));
}

TEST_CASE("messages that are never answered are DeadlineExceeded each") {
  ScriptedService service(k_silence);
  Results results;
  auto publisher =
      must(topic::Client::connect(impatient(service.endpoint()))).publisher(results.options(2));
  for (int i = 0; i < 3; ++i)
    publisher.publish("t", Value::text("x"));
  publisher.flush();
  CHECK(results.sorted() == all(3, ErrorKind::DeadlineExceeded));
}

TEST_CASE("a flush without messages returns at once, and a second one too") {
  Results results;
  auto publisher = client_of("127.0.0.1:1").publisher(results.options(4));
  publisher.flush();
  publisher.flush();
  CHECK(results.seen.empty());
}

TEST_CASE("a window of zero is one of one") {
  HoldingService held;
  held.allow_one();
  Results results;
  auto publisher = client_of(held.endpoint()).publisher(results.options(0));
  publisher.publish("t", Value::text("x"));
  CHECK(results.seen == all(1));
}

TEST_CASE("a stop cancels what a flush waits for and reports it") {
  ScriptedService service(k_silence);
  Results results;
  auto publisher = client_of(service.endpoint()).publisher(results.options(4));
  for (int i = 0; i < 3; ++i)
    publisher.publish("t", Value::text("x"));
  std::stop_source stop;
  auto flushed = std::async(std::launch::async, [&] { publisher.flush(stop.get_token()); });
  CHECK(eventually([&] { return service.calls() == 3; }));
  stop.request_stop();
  flushed.get();
  CHECK(results.sorted() == all(3, ErrorKind::Cancelled));
}

TEST_CASE("a stop cancels a publish that waits for room") {
  ScriptedService service(k_silence);
  Results results;
  auto publisher = client_of(service.endpoint()).publisher(results.options(1));
  std::stop_source stop;
  auto published = std::async(std::launch::async,
                              [&] { publisher.publish("t", Value::text("x"), stop.get_token()); });
  CHECK(eventually([&] { return service.calls() == 1; }));
  stop.request_stop();
  published.get();
  CHECK(results.seen == all(1, ErrorKind::Cancelled));
  publisher.publish("t", Value::text("x"), stop.get_token());
  CHECK(results.seen == all(2, ErrorKind::Cancelled));
}

TEST_CASE("destruction cancels what is in flight and reports nothing") {
  Collector<bool> cancelled;
  ScriptedService service([&](ScriptedCall& call) {
    call.wait_until_cancelled();
    cancelled.add(true);
  });
  Results results;
  {
    auto publisher = client_of(service.endpoint()).publisher(results.options(4));
    for (int i = 0; i < 3; ++i)
      publisher.publish("t", Value::text("x"));
    CHECK(eventually([&] { return service.calls() == 3; }));
  }
  CHECK(cancelled.wait_for_count(3));
  CHECK(results.seen.empty());
}

TEST_CASE("a publisher moves with its window and goes on counting") {
  ScriptedService service([](ScriptedCall& call) { call.answer(""); });
  Results results;
  const auto client = client_of(service.endpoint());
  auto source = client.publisher(results.options(4));
  for (int i = 0; i < 3; ++i)
    source.publish("t", Value::text("x"));
  Publisher target = std::move(source);
  target.publish("t", Value::text("x"));
  target.flush();
  CHECK(results.sorted() == all(4));
  target = client.publisher(results.options(1));
  target.publish("t", Value::text("x"));
  CHECK(results.seen.back() == Outcome{0, std::nullopt});
}

TEST_CASE("a publisher works without anybody to tell the results") {
  const Service service;
  auto publisher = service.client.publisher({.cache = k_cache, .in_flight = 2, .on_result = {}});
  for (int i = 0; i < 5; ++i)
    publisher.publish("t", Value::text("x"));
  publisher.flush();
  auto subscription = service.subscribe("t", {1, 0});
  for (std::uint64_t i = 1; i <= 5; ++i) {
    CHECK(next_message(subscription).sequence_number == i);
  }
}
