// SPDX-License-Identifier: Apache-2.0
#include "broker/http_answer.hpp"
#include "broker/http_topics.hpp"
#include "wire/pubsub.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::broker;
using model::Value;

namespace {

PollItem item(std::uint64_t number, const Value& value) {
  return std::make_shared<const std::string>(wire::serialize_item(number, 7, "", value));
}

}  // namespace

TEST_CASE("a body is text or binary as its content type says") {
  for (const char* type : {"text/plain", "text/plain; charset=utf-8", "Text/PLAIN ;x", "",
                           "text/html", "application/json", "application/x-www-form-urlencoded"}) {
    INFO(type);
    CHECK(*value_of(type,
                    "stra\xC3\x9F"
                    "e") == Value::text("stra\xC3\x9F"
                                        "e"));
  }
  CHECK(*value_of("application/octet-stream", "text") == Value::binary("text"));
  CHECK(*value_of("Application/Octet-Stream; x=y", "") == Value::binary(""));
  CHECK(*value_of("", "") == Value::text(""));
}

TEST_CASE("bytes that are not UTF-8 are binary unless they claim to be text") {
  CHECK(*value_of("", "a\xFF") == Value::binary("a\xFF"));
  CHECK(*value_of("application/json", "\xFF") == Value::binary("\xFF"));
  const auto refused = value_of("text/plain", "abc\xFF");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::InvalidArgument);
  CHECK(refused.error().message.find("at byte 3") != std::string::npos);
}

TEST_CASE("what a poll gives is JSON as Momento's HTTP API has it") {
  CHECK(*items_to_json({}) == R"({"items":[]})");
  CHECK(
      *items_to_json(
          {item(1, Value::text("say \"hi\"\n")), item(2, Value::binary("\xFF\x00\x01"))}) ==
      R"({"items":[{"item":{"topic_sequence_number":1,"sequence_page":7,"value":{"text":"say \"hi\"\n"}}},)"
      R"({"item":{"topic_sequence_number":2,"sequence_page":7,"value":{"binary":"/w=="}}}]})");
  CHECK(
      *items_to_json({model::Discontinuity{1, 4, 7}}) ==
      R"({"items":[{"discontinuity":{"last_topic_sequence":1,"new_topic_sequence":4,"new_sequence_page":7}}]})");
}

TEST_CASE("every kind of error has its HTTP status") {
  CHECK(http_status(ErrorKind::InvalidArgument) == 400);
  CHECK(http_status(ErrorKind::Unauthenticated) == 401);
  CHECK(http_status(ErrorKind::PermissionDenied) == 403);
  CHECK(http_status(ErrorKind::NotFound) == 404);
  CHECK(http_status(ErrorKind::AlreadyExists) == 409);
  CHECK(http_status(ErrorKind::LimitExceeded) == 429);
  CHECK(http_status(ErrorKind::Unimplemented) == 501);
  CHECK(http_status(ErrorKind::Unavailable) == 503);
  CHECK(http_status(ErrorKind::DeadlineExceeded) == 504);
  CHECK(http_status(ErrorKind::Internal) == 500);
  CHECK(http_status(ErrorKind::ServiceFailed) == 500);
}

TEST_CASE("an error is told in JSON, but not what broke inside") {
  CHECK(error_answer(Error{ErrorKind::NotFound, "no \"c\"", "help"}).body ==
        R"({"status":"error","reason":"no \"c\""})");
  const auto inside = error_answer(Error{ErrorKind::Internal, "pointer 0x1234", ""});
  CHECK(inside.status == 500);
  CHECK(inside.body == R"({"status":"error","reason":"internal error"})");
}
