// SPDX-License-Identifier: Apache-2.0
#include "broker/faults.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop;
using namespace topicloop::broker;
using namespace std::chrono_literals;

namespace {

constexpr auto k_publish = FaultTarget::TopicPublish;
constexpr auto k_subscribe = FaultTarget::TopicSubscribe;

FaultHeaders failing(std::string_view id, std::string_view count) {
  FaultHeaders headers;
  headers.request_id = id;
  headers.error_rpcs = "topic-publish topic-subscribe";
  headers.return_error = "unavailable";
  headers.error_count = count;
  return headers;
}

bool fails(Faults& faults, FaultTarget target, const FaultHeaders& headers) {
  const auto plan = faults.plan(target, headers);
  REQUIRE(plan);
  return plan->error.has_value();
}

Fault own(FaultTarget target, int error, std::optional<std::uint64_t> count = {}) {
  Fault fault{target, {}};
  fault.rule.error = error;
  fault.rule.error_count = count;
  return fault;
}

}  // namespace

TEST_CASE("a call that nobody wants to fail does not") {
  Faults faults;
  const auto plan = faults.plan(k_publish);
  CHECK(plan.delay == 0ms);
  CHECK_FALSE(plan.error);
  CHECK_FALSE(plan.stream_error);
}

TEST_CASE("without a count every call fails, and says that this is on purpose") {
  Faults faults;
  for (int i = 0; i < 5; ++i) {
    const auto plan = faults.plan(k_publish, failing("a", ""));
    REQUIRE(plan);
    REQUIRE(plan->error);
    CHECK(plan->error->status == 14);
    CHECK(plan->error->message == "injected fault: topic-publish fails as unavailable");
  }
}

TEST_CASE("a count is each client's and each call's own") {
  Faults faults;
  CHECK(fails(faults, k_publish, failing("a", "2")));
  CHECK(fails(faults, k_publish, failing("b", "2")));
  CHECK(fails(faults, k_publish, failing("a", "2")));
  CHECK_FALSE(fails(faults, k_publish, failing("a", "2")));
  CHECK(fails(faults, k_subscribe, failing("a", "2")));
  CHECK(fails(faults, k_publish, failing("b", "2")));
  CHECK_FALSE(fails(faults, k_publish, failing("b", "2")));
  CHECK_FALSE(fails(faults, k_publish, failing("c", "0")));
}

TEST_CASE("errors and delays are counted apart and come together") {
  Faults faults;
  FaultHeaders headers = failing("a", "1");
  headers.delay_rpcs = "topic-publish";
  headers.delay_ms = "20";
  headers.delay_count = "2";
  const auto first = faults.plan(k_publish, headers);
  CHECK(first->delay == 20ms);
  CHECK(first->error);
  const auto second = faults.plan(k_publish, headers);
  CHECK(second->delay == 20ms);
  CHECK_FALSE(second->error);
  const auto third = faults.plan(k_publish, headers);
  CHECK(third->delay == 0ms);
  CHECK_FALSE(third->error);
}

TEST_CASE("the counts of the latest 10,000 clients are remembered") {
  Faults faults;
  CHECK(fails(faults, k_publish, failing("first", "1")));
  for (int i = 0; i < 9'998; ++i)
    CHECK(fails(faults, k_publish, failing(std::to_string(i), "1")));
  CHECK_FALSE(fails(faults, k_publish, failing("first", "1")));  // And is the latest now.
  CHECK(fails(faults, k_publish, failing("one more", "1")));
  CHECK_FALSE(fails(faults, k_publish, failing("first", "1")));
  CHECK_FALSE(fails(faults, k_publish, failing("0", "1")));  // Still the 10,000th.
  CHECK(fails(faults, k_publish, failing("another", "1")));
  CHECK(fails(faults, k_publish, failing("1", "1")));  // Forgotten, so it begins again.
}

TEST_CASE("a stream fails anew each time") {
  Faults faults;
  FaultHeaders headers;
  headers.request_id = "a";
  headers.stream_error_rpcs = "topic-subscribe";
  headers.stream_error = "internal";
  headers.stream_error_message_limit = "3";
  for (int i = 0; i < 3; ++i) {
    const auto plan = faults.plan(k_subscribe, headers);
    REQUIRE(plan->stream_error);
    CHECK(plan->stream_error->error.status == 13);
    CHECK(plan->stream_error->after_messages == 3);
  }
}

TEST_CASE("the service's own faults count everybody's calls, one after the other") {
  Faults faults({own(k_publish, 14, 1), own(k_publish, 13, 2), own(k_subscribe, 5)});
  CHECK(faults.plan(k_publish).error->status == 14);
  CHECK(faults.plan(k_publish).error->status == 13);
  CHECK(faults.plan(k_publish).error->status == 13);
  CHECK_FALSE(faults.plan(k_publish).error);
  CHECK(faults.plan(k_subscribe).error->status == 5);
  CHECK_FALSE(faults.plan(FaultTarget::Webhook).error);
}

TEST_CASE("what a client asks for comes before the service's own, and leaves that unused") {
  Faults faults({own(k_publish, 13, 1)});
  CHECK(faults.plan(k_publish, failing("a", "1"))->error->status == 14);
  CHECK(faults.plan(k_publish, failing("a", "1"))->error->status == 13);
  CHECK_FALSE(faults.plan(k_publish, failing("a", "1"))->error);
}

TEST_CASE("headers that are refused count nothing") {
  Faults faults({own(k_publish, 13, 1)});
  CHECK(faults.plan(k_publish, failing("a", "many")).error().kind == ErrorKind::InvalidArgument);
  CHECK(faults.plan(k_publish).error);
}
