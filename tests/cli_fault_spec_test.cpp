// SPDX-License-Identifier: Apache-2.0
#include "cli/fault_spec.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop;
using namespace topicloop::cli;
using namespace std::chrono_literals;
using broker::Fault;
using broker::FaultTarget;

namespace {

Fault must_parse(const char* spec) {
  INFO(spec);
  auto fault = parse_fault(spec);
  REQUIRE(fault);
  return *fault;
}

std::string refusal(const char* spec) {
  const auto fault = parse_fault(spec);
  if (fault) return "accepted";
  CHECK(fault.error().kind == ErrorKind::Usage);
  return fault.error().message;
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a fault names its target, what goes wrong there, and how often") {
  const Fault error = must_parse("topic-publish:error=unavailable,count=2");
  CHECK(error.target == FaultTarget::TopicPublish);
  CHECK(error.rule.error == 14);
  CHECK(error.rule.error_count == 2);

  const Fault delay = must_parse("topic-subscribe:delay=200ms,delay-count=5");
  CHECK(delay.target == FaultTarget::TopicSubscribe);
  CHECK(delay.rule.delay == 200ms);
  CHECK(delay.rule.delay_count == 5);
  CHECK_FALSE(delay.rule.error);

  const Fault stream = must_parse("topic-subscribe:stream-error=SERVER_UNAVAILABLE,after=3");
  CHECK(stream.rule.stream_error == 14);
  CHECK(stream.rule.stream_error_after == 3);

  const Fault webhook = must_parse("webhook:delay=1s,error=503");
  CHECK(webhook.target == FaultTarget::Webhook);
  CHECK(webhook.rule.error == 503);
  CHECK_FALSE(webhook.rule.error_count);
  CHECK(webhook.rule.delay == 1s);
}

TEST_CASE("a fault that is none is refused by what it may be") {
  for (const char* spec : {"", "topic-publish", "publish:error=internal", ":error=internal"}) {
    INFO(spec);
    CHECK(contains(refusal(spec), "topic-publish:, topic-subscribe: or webhook:"));
  }
  CHECK(contains(refusal("topic-publish:error=bad-luck"),
                 "\"topic-publish:error=bad-luck\" is not a fault: \"bad-luck\" is not a status: "
                 "expected one of cancelled,"));
  CHECK(contains(refusal("webhook:error=unavailable"), "HTTP status from 300 to 599"));
  CHECK(contains(refusal("webhook:error=204"), "HTTP status from 300 to 599"));
  CHECK(contains(refusal("webhook:error=600"), "HTTP status from 300 to 599"));
  CHECK(contains(refusal("topic-publish:err=internal"),
                 "has no \"err\": expected error, count, delay or delay-count"));
  CHECK(contains(refusal("topic-publish:"), "has no \"\""));
  CHECK(contains(refusal("topic-publish:error=internal,"), "has no \"\""));
  CHECK(contains(refusal("webhook:stream-error=internal"), "has no \"stream-error\""));
  CHECK(contains(refusal("topic-subscribe:x=1"), "stream-error or after"));
  CHECK(contains(refusal("topic-publish:error=internal,count=-1"), "not a whole number"));
  CHECK(contains(refusal("topic-publish:error"), "\"\" is not a status"));
  CHECK(contains(refusal("topic-publish:delay=soon"), "not a duration"));
  CHECK(contains(refusal("topic-publish:delay=0"), "from 1ms to 1h"));
  CHECK(contains(refusal("topic-publish:delay=61m"), "from 1ms to 1h"));
  CHECK(contains(refusal("topic-publish:count=1"), "count needs error"));
  CHECK(contains(refusal("topic-publish:error=internal,delay-count=1"), "delay-count needs delay"));
  CHECK(contains(refusal("topic-subscribe:error=internal,after=1"), "after needs stream-error"));
  CHECK(contains(refusal("topic-subscribe:stream-error=internal"), "stream-error needs after"));
}

TEST_CASE("a fault that says the same twice is refused by the word") {
  for (const std::string word :
       {"error", "count", "delay", "delay-count", "stream-error", "after"}) {
    const std::string spec =
        "topic-subscribe:error=aborted,count=1,delay=1s,delay-count=1,stream-error=aborted,after="
        "1,";
    const std::string value = word.ends_with("error") ? "=internal" : "=2";
    CHECK(refusal((spec + word + value).c_str()) ==
          "\"" + spec + word + value + "\" is not a fault: \"" + word + "\" is given twice");
  }
}
