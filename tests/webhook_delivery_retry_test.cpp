// SPDX-License-Identifier: Apache-2.0
// The delivery engine with policies of more than one attempt.
#include "support/eventually.hpp"
#include "support/http_endpoint.hpp"
#include "webhook/delivery.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>

using namespace topicloop;
using namespace topicloop::webhook;
using topicloop::test::Collector;
using topicloop::test::HttpEndpoint;
using namespace std::chrono_literals;

namespace {

// Answers what the list says, one after the other, and then 200.
HttpEndpoint::Script statuses(std::vector<int> list, std::string retry_after = "") {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  return [list = std::move(list), retry_after, next](const auto&, httplib::Response& response) {
    const std::size_t i = (*next)++;
    response.status = i < list.size() ? list[i] : 200;
    if (!retry_after.empty()) response.set_header("Retry-After", retry_after);
    response.set_content("answer " + std::to_string(i), "text/plain");
  };
}

// The body is the attempt's number.
Delivery counted_delivery(const std::string& url, RetryPolicy retry) {
  auto made = std::make_shared<std::atomic<int>>(0);
  Delivery delivery;
  delivery.make_request = [url, made] {
    return SignedRequest{url, {{"Content-Type", "text/plain"}}, std::to_string(++*made), ""};
  };
  delivery.timeout = 60s;
  delivery.retry = retry;
  return delivery;
}

// Its outcomes, one an attempt.
std::vector<DeliveryOutcome> outcomes_of(DeliveryEngine& engine, Delivery delivery) {
  Collector<DeliveryOutcome> outcomes;
  engine.submit(std::move(delivery), [&](DeliveryOutcome outcome) { outcomes.add(outcome); });
  REQUIRE(
      outcomes.wait_until([](const auto& all) { return !all.empty() && !all.back().retry_in; }));
  return outcomes.items();
}

}  // namespace

TEST_CASE("a delivery is tried again with a new request until it is delivered") {
  HttpEndpoint endpoint(statuses({503, 429}));
  DeliveryEngine engine;
  const auto outcomes = outcomes_of(engine, counted_delivery(endpoint.url(), {.retries = 5}));
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].status == 503);
  CHECK(outcomes[0].attempt == 1);
  CHECK(outcomes[0].retry_in);
  CHECK(outcomes[1].status == 429);
  CHECK(outcomes[2].delivered());
  CHECK(outcomes[2].attempt == 3);
  std::vector<std::string> bodies;
  for (const auto& request : endpoint.requests())
    bodies.push_back(request.body);
  CHECK(bodies == std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("a delivery ends with the policy's last attempt") {
  HttpEndpoint endpoint([](const auto&, auto& response) { response.status = 500; });
  DeliveryEngine engine;
  const auto outcomes = outcomes_of(engine, counted_delivery(endpoint.url(), {.retries = 2}));
  CHECK(outcomes.size() == 3);
  CHECK(outcomes.back().status == 500);
  CHECK_FALSE(outcomes.back().aborted);
  CHECK(endpoint.requests().size() == 3);
}

TEST_CASE("an answer that will be no other is not tried again") {
  HttpEndpoint endpoint([](const auto&, auto& response) { response.status = 403; });
  DeliveryEngine engine;
  CHECK(outcomes_of(engine, counted_delivery(endpoint.url(), {.retries = 9})).size() == 1);
}

TEST_CASE("an endpoint's Retry-After is the wait before the next attempt") {
  HttpEndpoint endpoint(statuses({429}, "1"));
  DeliveryEngine engine;
  const auto outcomes = outcomes_of(engine, counted_delivery(endpoint.url(), {.retries = 1}));
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0].retry_after == "1");
  CHECK(outcomes[0].retry_in == 1s);
  CHECK(outcomes[1].delivered());
}

TEST_CASE("as much of the answer is kept as was asked for") {
  HttpEndpoint endpoint(statuses({}));
  DeliveryEngine engine;
  auto delivery = counted_delivery(endpoint.url(), {});
  CHECK(outcomes_of(engine, delivery).back().body.empty());
  delivery.keep_body = 100;
  CHECK(outcomes_of(engine, delivery).back().body == "answer 1");
  delivery.keep_body = 3;
  CHECK(outcomes_of(engine, delivery).back().body == "ans");
}

TEST_CASE("what an answer means can be judged before the policy sees it") {
  HttpEndpoint endpoint;
  DeliveryEngine engine;
  auto delivery = counted_delivery(endpoint.url(), {.retries = 1});
  delivery.judge = [](DeliveryOutcome& outcome) { outcome.status = 502; };
  const auto outcomes = outcomes_of(engine, delivery);
  CHECK(outcomes.size() == 2);
  CHECK(outcomes.back().status == 502);
}

TEST_CASE("ending retries aborts what waits for its next attempt at once") {
  HttpEndpoint endpoint(statuses({503}, "3600"));
  DeliveryEngine engine;
  Collector<DeliveryOutcome> outcomes;
  engine.submit(counted_delivery(endpoint.url(), {.retries = 9}),
                [&](DeliveryOutcome outcome) { outcomes.add(outcome); });
  REQUIRE(outcomes.wait_for_count(1));
  CHECK(outcomes.items()[0].retry_in);
  engine.end_retries();
  REQUIRE(outcomes.wait_for_count(2));
  CHECK(outcomes.items()[1].aborted);
  CHECK_FALSE(outcomes.items()[1].retry_in);
  CHECK(endpoint.requests().size() == 1);
}

TEST_CASE("after ending retries a delivery that would be tried again is aborted") {
  HttpEndpoint endpoint(statuses({503, 404}));
  DeliveryEngine engine;
  engine.end_retries();
  const auto may_pass = outcomes_of(engine, counted_delivery(endpoint.url(), {.retries = 9}));
  REQUIRE(may_pass.size() == 1);
  CHECK(may_pass[0].status == 503);
  CHECK(may_pass[0].aborted);
  CHECK_FALSE(outcomes_of(engine, counted_delivery(endpoint.url(), {.retries = 9}))[0].aborted);
  CHECK(outcomes_of(engine, counted_delivery(endpoint.url(), {.retries = 9}))[0].delivered());
}

TEST_CASE("destroying the engine aborts what waits for its next attempt") {
  HttpEndpoint endpoint(statuses({503}, "3600"));
  Collector<DeliveryOutcome> outcomes;
  {
    DeliveryEngine engine;
    engine.submit(counted_delivery(endpoint.url(), {.retries = 9}),
                  [&](DeliveryOutcome outcome) { outcomes.add(outcome); });
    REQUIRE(outcomes.wait_for_count(1));
  }
  REQUIRE(outcomes.items().size() == 2);
  CHECK(outcomes.items()[1].aborted);
}
