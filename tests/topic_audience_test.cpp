// SPDX-License-Identifier: Apache-2.0
#include "support/eventually.hpp"
#include "support/service.hpp"
#include "topic/audience.hpp"

#include <catch2/catch_test_macros.hpp>

#include <variant>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// What an audience is told.
struct Heard {
  Collector<std::string> texts;
  Collector<Error> ends;

  topic::AudienceOptions options(std::size_t subscribers, const std::string& cache = k_cache) {
    return {.cache = cache,
            .topic = "topic",
            .subscribers = subscribers,
            .on_event =
                [this](const model::SubscriptionEvent& event) {
                  if (const auto* message = std::get_if<model::Message>(&event))
                    texts.add(message->value.bytes);
                },
            .on_end = [this](Error error) { ends.add(std::move(error)); }};
  }
};

}  // namespace

TEST_CASE("every subscriber of an audience gets every message in order") {
  const Service service;
  Heard heard;
  const auto audience = must(service.client.audience(heard.options(3)));
  for (const char* text : {"1", "2"})
    service.publish("topic", text);
  REQUIRE(heard.texts.wait_for_count(6));
  const auto texts = heard.texts.items();
  CHECK(std::count(texts.begin(), texts.end(), "1") == 3);
  CHECK(std::count(texts.begin(), texts.end(), "2") == 3);
  CHECK(texts.front() == "1");
  CHECK(texts.back() == "2");
}

TEST_CASE("an audience without its cache fails as a subscription does") {
  const Service service;
  Heard heard;
  const auto audience = service.client.audience(heard.options(2, "no-cache"));
  REQUIRE_FALSE(audience);
  CHECK(audience.error().kind == ErrorKind::NotFound);
  CHECK(heard.ends.items().empty());
}

TEST_CASE("an audience of a service that is not there fails") {
  Heard heard;
  const auto client = client_of("unix:/nonexistent/topicloop");
  const auto audience = client.audience(heard.options(2));
  REQUIRE_FALSE(audience);
  CHECK(audience.error().kind == ErrorKind::Unavailable);
}

TEST_CASE("an audience tells that the service has gone") {
  Service service;
  Heard heard;
  const auto audience = must(service.client.audience(heard.options(2)));
  service.broker.stop();
  REQUIRE(heard.ends.wait_for_count(2));
  CHECK(heard.ends.items().front().kind == ErrorKind::Unavailable);
}

TEST_CASE("an audience that is being opened ends on a stop") {
  const Service service;
  Heard heard;
  std::stop_source stop;
  stop.request_stop();
  const auto audience = service.client.audience(heard.options(2), stop.get_token());
  REQUIRE_FALSE(audience);
  CHECK(audience.error().kind == ErrorKind::Cancelled);
}

TEST_CASE("an audience that ends by itself is not told about it") {
  const Service service;
  Heard heard;
  { const auto audience = must(service.client.audience(heard.options(2))); }
  CHECK(heard.ends.items().empty());
}
