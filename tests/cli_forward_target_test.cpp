// SPDX-License-Identifier: Apache-2.0
#include "cli/forward_target.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace topicloop;
using namespace topicloop::cli;

namespace {

using Change = TargetHealth::Change;

webhook::DeliveryOutcome outcome(int status) {
  webhook::DeliveryOutcome outcome;
  outcome.status = status;
  return outcome;
}

// What is told of outcomes with these statuses.
std::vector<std::optional<Change>> told(std::vector<int> statuses) {
  TargetHealth health;
  std::vector<std::optional<Change>> changes;
  for (const int status : statuses)
    changes.push_back(health.take(outcome(status)));
  return changes;
}

using Told = std::vector<std::optional<Change>>;

}  // namespace

TEST_CASE("an endpoint that never worked fails with its first attempt and that is told once") {
  CHECK(told({0, 0, 503}) == Told{Change::Fails, {}, {}});
}

TEST_CASE("an endpoint that worked fails with three attempts in a row") {
  CHECK(told({200, 503, 503, 200, 503, 0, 429, 500}) ==
        Told{{}, {}, {}, {}, {}, {}, Change::Fails, {}});
}

TEST_CASE("an endpoint does well again with one delivery and that is told once") {
  CHECK(told({0, 204, 200}) == Told{Change::Fails, Change::DoesWell, {}});
}

TEST_CASE("an endpoint that refuses messages does not fail") {
  CHECK(told({400, 403, 404, 422}) == Told{{}, {}, {}, {}});
}

TEST_CASE("a Lambda endpoint gets the event in an invocation") {
  const webhook::HeldMessage held{{"c", "t", 5, 7, "", model::Value::text("x")}, SystemTime{}};
  const webhook::Signer signer("secret");
  const ForwardTarget plain{"http://h:1/hook", false};
  const ForwardTarget lambda{"http://h:1", true};
  const auto event = plain.request(held, SystemTime{}, signer);
  CHECK(event.url == "http://h:1/hook");
  const auto invocation = lambda.request(held, SystemTime{}, signer);
  CHECK(invocation.url == "http://h:1/2015-03-31/functions/function/invocations");
  CHECK(nlohmann::json::parse(invocation.body)["body"] == event.body);
  CHECK(lambda.request(held, SystemTime{}, signer).body == invocation.body);
}
