// SPDX-License-Identifier: Apache-2.0
#include "pubsub.pb.h"
#include "wire/parse.hpp"
#include "wire_hex.hpp"

#include <catch2/catch_test_macros.hpp>
#include <google/protobuf/stubs/logging.h>

#include <string>

using namespace topicloop;
using namespace topicloop::wire;

namespace {

int logged = 0;

void count_log(google::protobuf::LogLevel, const char*, int, const std::string&) {
  ++logged;
}

}  // namespace

TEST_CASE("parsing replaces what the message held") {
  cache_client::pubsub::_PublishRequest message;
  message.set_cache_name("old");
  REQUIRE(parse_into(message, hex("12 01 74"), ErrorKind::Internal, "it"));
  CHECK(message.cache_name().empty());
  CHECK(message.topic() == "t");
  REQUIRE(parse_into(message, {}, ErrorKind::Internal, "it"));
  CHECK(message.topic().empty());
}

TEST_CASE("a parse error has the kind and the name it was asked to have") {
  cache_client::pubsub::_PublishRequest message;
  const auto parsed = parse_into(message, hex("0A 05"), ErrorKind::BadInput, "thing");
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == ErrorKind::BadInput);
  CHECK(parsed.error().message == "malformed thing");
}

TEST_CASE("text that is not UTF-8 is an error and nothing is logged") {
  auto* const before = google::protobuf::SetLogHandler(count_log);
  logged = 0;
  cache_client::pubsub::_PublishRequest message;
  CHECK_FALSE(parse_into(message, hex("0A 01 FF"), ErrorKind::Internal, "it"));
  CHECK(logged == 0);
  google::protobuf::SetLogHandler(before);
}
