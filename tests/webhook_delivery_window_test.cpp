// SPDX-License-Identifier: Apache-2.0
#include "webhook/delivery_window.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <map>
#include <random>
#include <set>

using namespace topicloop;
using namespace topicloop::webhook;

namespace {

using Options = DeliveryWindow::Options;
using Turn = DeliveryWindow::Turn;

HeldMessage message(std::uint64_t number, std::string text = "x", std::uint64_t page = 7) {
  return {{.cache = "c",
           .topic = "t",
           .sequence_number = number,
           .sequence_page = page,
           .publisher_id = "",
           .value = model::Value::text(std::move(text))},
          {}};
}

std::uint64_t number_of(const Turn& turn) {
  return turn.held->message.sequence_number;
}

// All that may begin now.
std::vector<Turn> begin_all(DeliveryWindow& window) {
  std::vector<Turn> turns;
  while (auto turn = window.next())
    turns.push_back(*std::move(turn));
  return turns;
}

std::vector<std::uint64_t> numbers_of(const std::vector<Turn>& turns) {
  std::vector<std::uint64_t> numbers;
  for (const auto& turn : turns)
    numbers.push_back(number_of(turn));
  return numbers;
}

using Numbers = std::vector<std::uint64_t>;

model::ResumePoint at(std::uint64_t number, std::uint64_t page = 7) {
  return {.sequence_number = number, .sequence_page = page};
}

}  // namespace

TEST_CASE("as many deliveries begin as an endpoint may have at a time") {
  DeliveryWindow window({.concurrency = {2}}, 1);
  for (std::uint64_t number = 1; number <= 4; ++number)
    window.take(0, message(number));
  const auto turns = begin_all(window);
  CHECK(numbers_of(turns) == Numbers{1, 2});
  window.settle(turns[1]);
  CHECK(numbers_of(begin_all(window)) == Numbers{3});
}

TEST_CASE("in order a topic's next delivery begins after the former was settled") {
  DeliveryWindow window({.concurrency = {8}, .ordered = true}, 2);
  window.take(0, message(1));
  window.take(0, message(2));
  window.take(1, message(10));
  const auto first = begin_all(window);
  CHECK(numbers_of(first) == Numbers{1, 10});  // Of different topics.
  window.settle(first[1]);
  CHECK(begin_all(window).empty());
  window.settle(first[0]);
  CHECK(numbers_of(begin_all(window)) == Numbers{2});
}

TEST_CASE("every endpoint gets every message at its own pace") {
  DeliveryWindow window({.concurrency = {1, 1}, .ordered = true}, 1);
  window.take(0, message(1));
  window.take(0, message(2));
  const auto first = begin_all(window);
  REQUIRE(numbers_of(first) == Numbers{1, 1});
  CHECK(first[0].endpoint == 0);
  CHECK(first[1].endpoint == 1);
  window.settle(first[1]);
  const auto second = begin_all(window);
  REQUIRE(numbers_of(second) == Numbers{2});
  CHECK(second[0].endpoint == 1);
  window.settle(second[0]);
  CHECK_FALSE(window.advanced(0));  // The first endpoint has had none yet.
  window.settle(first[0]);
  CHECK(window.advanced(0) == at(2));
}

TEST_CASE("what is settled advances over messages in their order only") {
  DeliveryWindow window({.concurrency = {3}}, 1);
  for (std::uint64_t number = 5; number <= 7; ++number)
    window.take(0, message(number));
  const auto turns = begin_all(window);
  window.settle(turns[1]);
  window.settle(turns[2]);
  CHECK_FALSE(window.advanced(0));
  CHECK(window.open() == 3);
  window.settle(turns[0]);
  CHECK(window.advanced(0) == at(8));
  CHECK_FALSE(window.advanced(0));
  CHECK(window.open() == 0);
}

TEST_CASE("what is settled follows the page of the message") {
  DeliveryWindow window({.concurrency = {1}}, 1);
  window.take(0, message(9, "x", 7));
  window.take(0, message(1, "x", 8));
  window.settle(*window.next());
  CHECK(window.advanced(0) == at(10, 7));
  window.settle(*window.next());
  CHECK(window.advanced(0) == at(2, 8));
}

TEST_CASE("what is skipped is settled with what came before it") {
  DeliveryWindow window({.concurrency = {2, 1}, .messages = 2}, 1);
  window.skip(0, at(5));
  CHECK(window.advanced(0) == at(5));
  window.take(0, message(5));
  window.skip(0, at(1, 8));
  window.skip(0, at(4, 8));
  window.take(0, message(4, "x", 8));
  CHECK_FALSE(window.has_room(0));
  const auto first = begin_all(window);
  REQUIRE(numbers_of(first) == Numbers{5, 4, 5});
  window.settle(first[0]);
  CHECK_FALSE(window.advanced(0));
  window.settle(first[2]);
  CHECK(window.advanced(0) == at(4, 8));
  CHECK(window.open() == 1);
  const auto second = begin_all(window);
  REQUIRE(numbers_of(second) == Numbers{4});
  window.settle(second[0]);
  window.settle(first[1]);
  CHECK(window.advanced(0) == at(5, 8));
  CHECK(window.open() == 0);
}

TEST_CASE("a topic has room up to a number of messages and that of another is its own") {
  DeliveryWindow window({.concurrency = {1}, .messages = 2}, 2);
  window.take(0, message(1));
  CHECK(window.has_room(0));
  window.take(0, message(2));
  CHECK_FALSE(window.has_room(0));
  CHECK(window.has_room(1));
  window.settle(*window.next());
  CHECK(window.has_room(0));
}

TEST_CASE("a topic has room up to a number of bytes") {
  DeliveryWindow window({.concurrency = {1}, .bytes = 10}, 1);
  window.take(0, message(1, std::string(9, 'x')));
  CHECK(window.has_room(0));
  window.take(0, message(2, std::string(1'000, 'x')));
  CHECK_FALSE(window.has_room(0));
  window.settle(*window.next());
  CHECK_FALSE(window.has_room(0));
  window.settle(*window.next());
  CHECK(window.has_room(0));
}

TEST_CASE("topics take turns") {
  DeliveryWindow window({.concurrency = {1}}, 2);
  for (std::uint64_t i = 0; i < 2; ++i) {
    window.take(0, message(1 + i));
    window.take(1, message(11 + i));
  }
  Numbers order;
  while (const auto turn = window.next()) {
    order.push_back(number_of(*turn));
    window.settle(*turn);
  }
  CHECK(order == Numbers{1, 11, 2, 12});
}

// Against what is always to hold, with chance as the network.
TEST_CASE("nothing is left out, repeated or settled early whatever order the endpoints answer in") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto up_to = [&](std::size_t most) {
      return std::uniform_int_distribution<std::size_t>(0, most)(random);
    };
    const bool ordered = up_to(1) == 1;
    const std::size_t topics = 1 + up_to(2);
    Options options{.concurrency = {}, .ordered = ordered, .messages = 1 + up_to(9)};
    for (std::size_t i = 0; i <= up_to(2); ++i)
      options.concurrency.push_back(1 + up_to(4));
    const std::size_t endpoints = options.concurrency.size();
    DeliveryWindow window(options, topics);

    constexpr std::uint64_t k_messages = 30;
    std::vector<std::uint64_t> taken(topics, 0);
    std::vector<std::uint64_t> position(topics, 1);
    std::map<std::pair<std::size_t, std::size_t>, Numbers> begun;  // By topic and endpoint.
    std::map<std::pair<std::size_t, std::size_t>, std::set<std::uint64_t>> settled;
    std::vector<Turn> under_way;
    while (window.open() > 0 || taken != std::vector<std::uint64_t>(topics, k_messages)) {
      const std::size_t topic = up_to(topics - 1);
      if (taken[topic] < k_messages && window.has_room(topic)) {
        window.take(topic, message(++taken[topic]));
      }
      for (auto& turn : begin_all(window)) {
        begun[{turn.topic, turn.endpoint}].push_back(number_of(turn));
        if (ordered) {
          CHECK(settled[{turn.topic, turn.endpoint}].size() == number_of(turn) - 1);
        }
        under_way.push_back(std::move(turn));
      }
      CHECK(window.open() <= topics * options.messages);
      if (under_way.empty()) continue;
      std::swap(under_way[up_to(under_way.size() - 1)], under_way.back());
      const Turn turn = under_way.back();
      under_way.pop_back();
      settled[{turn.topic, turn.endpoint}].insert(number_of(turn));
      window.settle(turn);
      if (const auto advanced = window.advanced(turn.topic)) {
        CHECK(advanced->sequence_number > position[turn.topic]);
        position[turn.topic] = advanced->sequence_number;
        for (std::size_t endpoint = 0; endpoint < endpoints; ++endpoint) {
          const auto& done = settled[{turn.topic, endpoint}];
          for (std::uint64_t number = 1; number < position[turn.topic]; ++number)
            REQUIRE(done.contains(number));
        }
      }
    }
    Numbers all;
    for (std::uint64_t number = 1; number <= k_messages; ++number)
      all.push_back(number);
    for (std::size_t topic = 0; topic < topics; ++topic) {
      CHECK(position[topic] == k_messages + 1);
      for (std::size_t endpoint = 0; endpoint < endpoints; ++endpoint)
        CHECK((begun[{topic, endpoint}]) == all);
    }
  }
}
