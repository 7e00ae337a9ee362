// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "wire/tokens.hpp"
#include "wire_hex.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop;
using namespace topicloop::wire;
using model::NameSelector;
using model::TopicRole;

namespace {

// The fields before and after the permissions: 60 seconds, the key "k", the token id "id".
std::string request_bytes(const std::string& permissions) {
  return hex("0A 02 08 3C  12 01 6B") + permissions + hex("22 02 69 64");
}

TokenRequest request_with(std::optional<model::Permissions> permissions) {
  return {.valid_for_seconds = 60,
          .auth_token = "k",
          .permissions = std::move(permissions),
          .token_id = "id"};
}

void check_both_ways(const TokenRequest& request, const std::string& bytes) {
  CHECK(to_hex(serialize(request)) == to_hex(bytes));
  auto parsed = parse_token_request(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == request);
}

model::Permissions one(TopicRole role, const NameSelector& cache, const NameSelector& topic) {
  return {.topics = {{role, cache, topic}}};
}

}  // namespace

TEST_CASE("a request for a super user's token") {
  check_both_ways(request_with(model::Permissions{.super_user = true}),
                  request_bytes(hex("1A 02 08 00")));
}

TEST_CASE("a request for all topics of all caches") {
  check_both_ways(request_with(one(TopicRole::ReadWrite, {}, {})),
                  request_bytes(hex("1A 0C  12 0A 0A 08 12 06  08 01  12 00  22 00")));
}

TEST_CASE("a request for one topic of one cache") {
  check_both_ways(request_with(one(TopicRole::ReadOnly, {NameSelector::Kind::Exact, "c"},
                                   {NameSelector::Kind::Exact, "t"})),
                  request_bytes(hex("1A 12  12 10 0A 0E 12 0C  08 02  1A 03 0A 01 63"
                                    "  2A 03 0A 01 74")));
}

TEST_CASE("a request for topics by prefix") {
  check_both_ways(request_with(one(TopicRole::WriteOnly, {}, {NameSelector::Kind::Prefix, "t"})),
                  request_bytes(hex("1A 0F  12 0D 0A 0B 12 09  08 03  12 00  2A 03 12 01 74")));
}

TEST_CASE("permissions that nothing is in are not the same as none") {
  check_both_ways(request_with(model::Permissions{}), request_bytes(hex("1A 02 12 00")));
  auto none = parse_token_request(request_bytes(""));
  REQUIRE(none);
  CHECK(*none == request_with(std::nullopt));
  auto empty = parse_token_request(request_bytes(hex("1A 00")));
  REQUIRE(empty);
  CHECK_FALSE(empty->permissions);
}

TEST_CASE("without an expiry the request says no time") {
  auto parsed = parse_token_request("");
  REQUIRE(parsed);
  CHECK(*parsed == TokenRequest{});
}

TEST_CASE("permissions for cache items and functions, and unknown roles, are left out") {
  // In this order: cache items, a function, an unknown kind, topics with no role, with role 9.
  const auto bytes =
      request_bytes(hex("1A 28  12 26"
                        "  0A 08 0A 06 08 01 12 00 22 00"
                        "  0A 08 1A 06 08 01 12 00 22 00"
                        "  0A 02 22 00"
                        "  0A 06 12 04 12 00 22 00"
                        "  0A 04 12 02 08 01"));
  CHECK_FALSE(parse_token_request(bytes));  // The last says neither caches nor topics.
  const auto without_last =
      request_bytes(hex("1A 2C  12 2A"
                        "  0A 08 0A 06 08 01 12 00 22 00"
                        "  0A 08 1A 06 08 01 12 00 22 00"
                        "  0A 02 22 00"
                        "  0A 06 12 04 12 00 22 00"
                        "  0A 08 12 06 08 09 12 00 22 00"));
  auto parsed = parse_token_request(without_last);
  REQUIRE(parsed);
  CHECK(*parsed == request_with(model::Permissions{}));
}

TEST_CASE("a topic permission must say which caches and which topics") {
  for (const auto& fields : {hex("08 01 22 00"), hex("08 01 12 00"), hex("08 01 1A 00 22 00"),
                             hex("08 01 12 00 2A 00")}) {
    const char size = static_cast<char>(fields.size());
    const std::string one_of_list =
        std::string{0x0A, static_cast<char>(size + 2), 0x12, size} + fields;
    const std::string list{0x1A, static_cast<char>(size + 6), 0x12, static_cast<char>(size + 4)};
    const auto parsed = parse_token_request(request_bytes(list + one_of_list));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::InvalidArgument);
    CHECK(parsed.error().message == "a topic permission must say which caches and which topics");
  }
}

TEST_CASE("a super user of an unknown kind is refused") {
  const auto parsed = parse_token_request(request_bytes(hex("1A 02 08 01")));
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("a token is its key, its endpoint and its end") {
  const Token token{.api_key = "key", .endpoint = "host", .valid_until = 300};
  const auto bytes = hex("0A 03") + "key" + hex("12 04") + "host" + hex("18 AC 02");
  CHECK(to_hex(serialize(token)) == to_hex(bytes));
  auto parsed = parse_token_response(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == token);
}

TEST_CASE("malformed messages about tokens are named") {
  const auto request = parse_token_request(hex("0A 05 63"));
  REQUIRE_FALSE(request);
  CHECK(request.error().kind == ErrorKind::InvalidArgument);
  CHECK(request.error().message == "malformed _GenerateDisposableTokenRequest");
  const auto response = parse_token_response(hex("0A 05 63"));
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::ServiceFailed);
  CHECK(response.error().message == "malformed _GenerateDisposableTokenResponse");
}
