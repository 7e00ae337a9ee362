// SPDX-License-Identifier: Apache-2.0
#include "cli/limits_spec.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop;
using namespace topicloop::cli;
using broker::Limits;

namespace {

Limits parsed(std::initializer_list<const char*> specs) {
  Limits limits;
  for (const char* spec : specs) {
    INFO(spec);
    REQUIRE(parse_limits(spec, limits));
  }
  return limits;
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("limits are Momento's, one's own, or off, and the later word counts") {
  CHECK(parsed({}) == Limits{});
  CHECK(parsed({"momento"}) == broker::momento_limits());
  CHECK(parsed({"momento", "off"}) == Limits{});

  Limits changed = broker::momento_limits();
  changed.subscriptions = 500;
  changed.payload = 65'536;
  changed.publish_rate = 0;
  changed.caches = 0;
  CHECK(parsed({"momento", "subscriptions=500,payload=64KB", "publish-rate=off,caches=0"}) ==
        changed);
  CHECK(parsed({"payload=1,payload=2"}).payload == 2);
  CHECK(parsed({"subscriptions=500", "momento"}) == broker::momento_limits());
}

TEST_CASE("each limit can be set alone") {
  const std::pair<const char*, std::uint64_t Limits::*> named[] = {
      {"payload=7", &Limits::payload},           {"subscriptions=7", &Limits::subscriptions},
      {"publish-rate=7", &Limits::publish_rate}, {"caches=7", &Limits::caches},
      {"webhooks=7", &Limits::webhooks},         {"delivery-rate=7", &Limits::delivery_rate},
      {"name-length=7", &Limits::name_length},   {"url-length=7", &Limits::url_length}};
  for (const auto& [spec, limit] : named) {
    Limits expected;
    expected.*limit = 7;
    INFO(spec);
    CHECK(parsed({spec}) == expected);
  }
}

TEST_CASE("sizes are counted in units of 1,024, as Momento counts them") {
  CHECK(parsed({"payload=4KB"}).payload == 4'096);
  CHECK(parsed({"payload=2MB"}).payload == 2'097'152);
  CHECK(broker::momento_limits().payload == 4'096);
}

TEST_CASE("a limit that is none is refused by what it may be") {
  for (const char* spec : {"", "momentum", "speed=1", "payload", "payload=", "payload=x",
                           "payload=-1", "payload=4kb", "caches=4KB", "momento=1", "caches=1,",
                           "caches=99999999999999999999", "payload=1000000000MB"}) {
    Limits limits;
    const auto outcome = parse_limits(spec, limits);
    INFO(spec);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::Usage);
    CHECK(contains(outcome.error().message, " is not a limit: "));
  }
  Limits limits;
  CHECK(contains(parse_limits("speed=1", limits).error().message, "publish-rate, caches"));
  CHECK(contains(parse_limits("payload=x", limits).error().message, "bytes, KB or MB, or off"));
}
