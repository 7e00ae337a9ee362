// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "controlclient.pb.h"
#include "wire/control.hpp"
#include "wire_hex.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop;
using namespace topicloop::wire;

TEST_CASE("a cache request is the name in field 1") {
  CHECK(serialize_cache_request("cache") == hex("0A 05") + "cache");
  CHECK(serialize_cache_request("").empty());

  auto name = parse_cache_request(hex("0A 05") + "cache" + hex("9A 06 00"));
  REQUIRE(name);
  CHECK(*name == "cache");
  CHECK(*parse_cache_request("") == "");
}

TEST_CASE("create and delete and flush take the same request") {
  const auto bytes = serialize_cache_request("cache");
  control_client::_CreateCacheRequest create_request;
  REQUIRE(create_request.ParseFromString(bytes));
  CHECK(create_request.cache_name() == "cache");
  control_client::_DeleteCacheRequest delete_request;
  REQUIRE(delete_request.ParseFromString(bytes));
  CHECK(delete_request.cache_name() == "cache");
  control_client::_FlushCacheRequest flush_request;
  REQUIRE(flush_request.ParseFromString(bytes));
  CHECK(flush_request.cache_name() == "cache");
}

TEST_CASE("a request for the list of caches is the token in field 1") {
  CHECK(serialize_list_caches_request("").empty());
  CHECK(serialize_list_caches_request("next") == hex("0A 04") + "next");

  auto token = parse_list_caches_request(hex("0A 04") + "next");
  REQUIRE(token);
  CHECK(*token == "next");
}

TEST_CASE("a list of caches is a name inside each field 1 and the token in field 2") {
  const ListCachesResponse response{{"one", "", "two"}, "more"};
  const auto bytes =
      hex("0A 05  0A 03") + "one" + hex("0A 00  0A 05  0A 03") + "two" + hex("12 04") + "more";
  CHECK(to_hex(serialize(response)) == to_hex(bytes));
  auto parsed = parse_list_caches_response(bytes);
  REQUIRE(parsed);
  CHECK(*parsed == response);
}

TEST_CASE("an empty list of caches has no bytes") {
  CHECK(serialize(ListCachesResponse{}).empty());
  auto parsed = parse_list_caches_response("");
  REQUIRE(parsed);
  CHECK(*parsed == ListCachesResponse{});
}

TEST_CASE("limits in a list of caches are passed over") {
  // Field 2 of a cache holds cache limits, field 3 topic limits.
  auto parsed = parse_list_caches_response(hex("0A 0D  0A 01 63  12 04 08 64 10 0A  1A 02 08 01"));
  REQUIRE(parsed);
  CHECK(*parsed == ListCachesResponse{{"c"}, ""});
}

TEST_CASE("malformed cache control messages are refused by name") {
  for (const auto& bytes : {hex("0A 05 63"), hex("0A 01 FF")}) {
    auto request = parse_cache_request(bytes);
    REQUIRE_FALSE(request);
    CHECK(request.error().kind == ErrorKind::InvalidArgument);
    CHECK(request.error().message == "malformed cache request");

    auto list_request = parse_list_caches_request(bytes);
    REQUIRE_FALSE(list_request);
    CHECK(list_request.error().kind == ErrorKind::InvalidArgument);
    CHECK(list_request.error().message == "malformed _ListCachesRequest");
  }
  for (const auto& bytes : {hex("0A 05 63"), hex("0A 03  0A 01 FF"), hex("12 01 FF")}) {
    auto response = parse_list_caches_response(bytes);
    REQUIRE_FALSE(response);
    CHECK(response.error().kind == ErrorKind::ServiceFailed);
    CHECK(response.error().message == "malformed _ListCachesResponse");
  }
}
