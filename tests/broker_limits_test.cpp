// SPDX-License-Identifier: Apache-2.0
#include "broker/limits.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

using namespace topicloop;
using namespace topicloop::broker;
using namespace std::chrono_literals;

namespace {

// What an SDK makes of a text: the first of these that it contains.
std::string recognised(const std::string& text) {
  for (const char* words :
       {"subscribers", "operations", "throughput", "request limit", "item size", "element size"}) {
    if (text.find(words) != std::string::npos) return words;
  }
  return "";
}

int taken(TokenBucket& bucket, SystemTime now) {
  int count = 0;
  while (count < 1'000 && bucket.take(now))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("every refusal has its subtype and the words by which SDKs know it") {
  const auto check = [](const Error& error, const char* subtype, const char* words) {
    INFO(error.message);
    CHECK(error.kind == ErrorKind::LimitExceeded);
    CHECK(error.subtype == subtype);
    CHECK(recognised(error.message) == words);
  };
  check(payload_too_large(4'097, 4'096), "request_size_limit_exceeded", "request limit");
  check(too_many_publishes(10), "operations_rate_limit_exceeded", "operations");
  check(too_many_subscriptions(100), "topic_subscriptions_limit_exceeded", "subscribers");
  check(too_many_caches(3), "", "");
  check(too_many_webhooks(5), "", "");
}

TEST_CASE("a length is in characters, and 0 is no limit") {
  CHECK(check_length("name", std::string(128, 'x'), 128));
  CHECK_FALSE(check_length("name", std::string(129, 'x'), 128));
  CHECK(check_length("name", "äöü", 3));
  CHECK_FALSE(check_length("name", "äöü", 2));
  CHECK(check_length("name", std::string(100'000, 'x'), 0));
  CHECK(check_length("webhook name", "abc", 2).error().message ==
        "the webhook name has 3 characters; at most 2 are allowed");
}

TEST_CASE("a rate allows a second's worth at once and then as much as time brings") {
  TokenBucket bucket(10);
  const SystemTime start{100h};
  CHECK(taken(bucket, start) == 10);
  CHECK(taken(bucket, start + 99ms) == 0);
  CHECK(taken(bucket, start + 100ms) == 1);
  CHECK(taken(bucket, start + 400ms) == 3);
  CHECK(taken(bucket, start + 1h) == 10);
}

TEST_CASE("a clock that is set back gives nothing twice") {
  TokenBucket bucket(10);
  const SystemTime start{100h};
  CHECK(taken(bucket, start) == 10);
  CHECK(taken(bucket, start - 10s) == 0);
  CHECK(taken(bucket, start) == 0);
  CHECK(taken(bucket, start + 200ms) == 2);
}

TEST_CASE("a rate of 0 is no limit") {
  TokenBucket bucket(0);
  CHECK(taken(bucket, SystemTime{100h}) == 1'000);
}
