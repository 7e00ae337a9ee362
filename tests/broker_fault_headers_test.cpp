// SPDX-License-Identifier: Apache-2.0
#include "broker/fault_headers.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop;
using namespace topicloop::broker;
using namespace std::chrono_literals;

namespace {

FaultRule must_request(const FaultHeaders& headers, FaultTarget target) {
  auto rule = requested_faults(headers, target);
  REQUIRE(rule);
  return *rule;
}

}  // namespace

TEST_CASE("every status has its gRPC number, by whatever spelling") {
  const std::pair<const char*, int> names[] = {{"cancelled", 1},
                                               {"CANCELED", 1},
                                               {"unknown", 2},
                                               {"UNKNOWN_SERVICE_ERROR", 2},
                                               {"invalid-argument", 3},
                                               {"BAD_REQUEST_ERROR", 3},
                                               {"deadline-exceeded", 4},
                                               {"TIMEOUT_ERROR", 4},
                                               {"not-found", 5},
                                               {"CACHE_NOT_FOUND_ERROR", 5},
                                               {"already-exists", 6},
                                               {"permission-denied", 7},
                                               {"PERMISSION_ERROR", 7},
                                               {"resource-exhausted", 8},
                                               {"LimitExceededError", 8},
                                               {"failed-precondition", 9},
                                               {"aborted", 10},
                                               {"out-of-range", 11},
                                               {"unimplemented", 12},
                                               {"internal", 13},
                                               {"INTERNAL_SERVER_ERROR", 13},
                                               {"unavailable", 14},
                                               {"UNAVAILABLE_ERROR", 14},
                                               {"SERVER_UNAVAILABLE", 14},
                                               {"MomentoErrorCode.SERVER_UNAVAILABLE", 14},
                                               {"Status::Unavailable", 14},
                                               {"14", 14},
                                               {"data-loss", 15},
                                               {"unauthenticated", 16},
                                               {"AUTHENTICATION_ERROR", 16}};
  for (const auto& [name, code] : names) {
    INFO(name);
    CHECK(status_code(name) == code);
  }
  for (int code = 1; code <= 16; ++code)
    CHECK(status_code(status_name(code)) == code);
  for (const char* name : {"", "error", "ok", "0", "17", "unavailable!now", "-"}) {
    INFO(name);
    CHECK_FALSE(status_code(name));
  }
}

TEST_CASE("headers are for the calls they list and no others") {
  FaultHeaders headers;
  headers.error_rpcs = "get topic-publish sorted-set-length-by-score";
  headers.return_error = "unavailable";
  headers.error_count = "2";
  headers.delay_rpcs = "topic-subscribe";
  headers.delay_ms = "250";
  headers.delay_count = "1";

  FaultRule publish;
  publish.error = 14;
  publish.error_count = 2;
  CHECK(must_request(headers, FaultTarget::TopicPublish) == publish);
  FaultRule subscribe;
  subscribe.delay = 250ms;
  subscribe.delay_count = 1;
  CHECK(must_request(headers, FaultTarget::TopicSubscribe) == subscribe);
}

TEST_CASE("a list names several calls") {
  FaultHeaders headers;
  headers.return_error = "internal";
  headers.error_rpcs = "topic-subscribe  topic-publish";
  CHECK(must_request(headers, FaultTarget::TopicPublish).error == 13);
  CHECK(must_request(headers, FaultTarget::TopicSubscribe).error == 13);
  headers.error_rpcs = " get, set-if-hash";
  CHECK(must_request(headers, FaultTarget::TopicPublish) == FaultRule{});
  CHECK(must_request(headers, FaultTarget::TopicSubscribe) == FaultRule{});
}

TEST_CASE("a call that there is not is refused by name, whatever call the headers come with") {
  const std::pair<const char*, std::string_view FaultHeaders::*> lists[] = {
      {"error-rpcs", &FaultHeaders::error_rpcs},
      {"delay-rpcs", &FaultHeaders::delay_rpcs},
      {"stream-error-rpcs", &FaultHeaders::stream_error_rpcs}};
  for (const auto& [header, list] : lists) {
    for (const std::string name : {"topic-publihs", "topic-sub", "webhook", "TOPIC-PUBLISH"}) {
      const std::string names = "topic-publish " + name;
      FaultHeaders headers;
      headers.*list = names;
      for (const auto target : {FaultTarget::TopicPublish, FaultTarget::TopicSubscribe}) {
        const auto refused = requested_faults(headers, target);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::InvalidArgument);
        CHECK(refused.error().message == "the header " + std::string(header) + " names \"" + name +
                                             "\": expected topic-publish, topic-subscribe or a "
                                             "cache's call");
      }
    }
  }
}

TEST_CASE("stream errors are for subscriptions") {
  FaultHeaders headers;
  headers.stream_error_rpcs = "topic-subscribe topic-publish";
  headers.stream_error = "SERVER_UNAVAILABLE";
  headers.stream_error_message_limit = "3";
  FaultRule rule;
  rule.stream_error = 14;
  rule.stream_error_after = 3;
  CHECK(must_request(headers, FaultTarget::TopicSubscribe) == rule);
  CHECK(must_request(headers, FaultTarget::TopicPublish) == FaultRule{});
}

TEST_CASE("a header without a value asks for nothing") {
  FaultHeaders headers;
  headers.error_rpcs = "topic-publish";
  headers.delay_rpcs = "topic-publish";
  CHECK(must_request(headers, FaultTarget::TopicPublish) == FaultRule{});
}

TEST_CASE("a delay beyond reason is cut to an hour") {
  FaultHeaders headers;
  headers.delay_rpcs = "topic-publish";
  headers.delay_ms = "18446744073709551615";
  CHECK(must_request(headers, FaultTarget::TopicPublish).delay == 1h);
}

TEST_CASE("what there is not is refused by name, but only to the calls it is for") {
  FaultHeaders headers;
  headers.error_rpcs = "topic-publish";
  headers.return_error = "unavailabel";
  const auto refused = requested_faults(headers, FaultTarget::TopicPublish);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::InvalidArgument);
  CHECK(refused.error().message.find("return-error is \"unavailabel\"") != std::string::npos);
  CHECK(refused.error().message.find("resource-exhausted") != std::string::npos);
  CHECK(requested_faults(headers, FaultTarget::TopicSubscribe));

  headers.return_error = "unavailable";
  for (const char* number : {"-1", "1.5", "two", "1 ", "18446744073709551616"}) {
    headers.error_count = number;
    CHECK_FALSE(requested_faults(headers, FaultTarget::TopicPublish));
  }
}
