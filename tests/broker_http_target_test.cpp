// SPDX-License-Identifier: Apache-2.0
#include "broker/http_routes.hpp"
#include "broker/http_target.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::broker;
using What = HttpRoute::What;
using Path = std::vector<std::string>;

namespace {

HttpTarget parsed(const std::string& target) {
  auto result = parse_http_target(target);
  REQUIRE(result);
  return *result;
}

}  // namespace

TEST_CASE("a path is decoded name by name, so that a name may contain a slash") {
  CHECK(parsed("/topics/cache/a%2Fb").path == Path{"topics", "cache", "a/b"});
  CHECK(parsed("/topics/my%20cache/%E4%B8%96%e7%95%8c").path ==
        Path{"topics", "my cache", "\xE4\xB8\x96\xE7\x95\x8C"});
  CHECK(parsed("/a+b/%00%0A%25").path == Path{"a+b", std::string("\0\n%", 3)});
  CHECK(parsed("/a/").path == Path{"a", ""});
}

TEST_CASE("slashes at the beginning count as one and a fragment is no part of a path") {
  CHECK(parsed("//block").path == Path{"block"});
  CHECK(parsed("/block#there").path == Path{"block"});
  CHECK(parsed("/").path == Path{""});
  CHECK(parsed("").path == Path{""});
}

TEST_CASE("a target that is not percent-encoded UTF-8 is refused") {
  for (const char* target :
       {"/%", "/%4", "/%zz", "/%4g", "/%-1", "/%FF", "/\xFF", "/a?b=%", "/a?%=b", "/%ED%A0%80"}) {
    INFO(target);
    const auto result = parse_http_target(target);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::InvalidArgument);
  }
}

TEST_CASE("a query value is decoded but for plus signs, which keys contain") {
  const auto target = parsed("/a?token=x%2By+z==&empty=&flag&other=1");
  CHECK(*query_value(target, "token") == "x+y+z==");
  CHECK(*query_value(target, "empty") == "");
  CHECK(*query_value(target, "flag") == "");
  CHECK(*query_value(target, "none") == std::nullopt);
}

TEST_CASE("a query value that is given twice is refused") {
  const auto value = query_value(parsed("/a?token=x&token=x"), "token");
  REQUIRE_FALSE(value);
  CHECK(value.error().message == "token is given twice");
}

TEST_CASE("a number in a query is digits and nothing else") {
  CHECK(*query_number(parsed("/a"), "n") == 0);
  CHECK(*query_number(parsed("/a?n=18446744073709551615"), "n") == 18446744073709551615U);
  for (const char* query :
       {"n=", "n=-1", "n=+1", "n=1.5", "n=1x", "n=%201", "n=18446744073709551616", "n=1&n=1"}) {
    INFO(query);
    const auto number = query_number(parsed(std::string("/a?") + query), "n");
    REQUIRE_FALSE(number);
    CHECK(number.error().kind == ErrorKind::InvalidArgument);
  }
}

TEST_CASE("every route is found and nothing else") {
  CHECK(find_route("/healthz")->what == What::Health);
  CHECK(find_route("/readyz")->what == What::Ready);
  CHECK(find_route("/metrics?x=1")->what == What::Metrics);
  CHECK(find_route("/state")->what == What::State);
  CHECK(find_route("//block")->what == What::Block);
  CHECK(find_route("/unblock")->what == What::Unblock);
  CHECK(find_route("/topics/c/t?sequence_number=1")->what == What::Topic);
  for (const char* target : {"/", "", "/health", "/state/", "/State", "/topics", "/topics/c",
                             "/topics/c/t/u", "/a/c/t", "http://x/state"}) {
    INFO(target);
    const auto route = find_route(target);
    REQUIRE_FALSE(route);
    CHECK(route.error().kind == ErrorKind::NotFound);
  }
}

TEST_CASE("a route says which methods it has") {
  const auto state = *find_route("/state");
  CHECK(state.allow() == "GET");
  CHECK_FALSE(state.allows("POST"));
  CHECK_FALSE(state.allows("HEAD"));
  const auto block = *find_route("/block");
  CHECK(block.allow() == "GET, POST");
  CHECK_FALSE(block.takes_body("POST"));
  const auto topic = *find_route("/topics/c/t");
  CHECK(topic.takes_body("POST"));
  CHECK_FALSE(topic.takes_body("GET"));
  CHECK_FALSE(topic.allows("PUT"));
}
