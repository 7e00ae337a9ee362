// SPDX-License-Identifier: Apache-2.0
#include "capture/redaction.hpp"
#include "support/captures.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using capture::Redactions;

namespace {

model::CaptureRecord redacted(model::CaptureRecord record, const std::vector<std::string>& what) {
  Redactions::parse(what)->apply(record);
  return record;
}

std::string body_of(const model::CaptureRecord& record) {
  return std::get<model::HttpExchange>(record.content).request.body;
}

}  // namespace

TEST_CASE("headers that carry keys are always left out, in requests and in answers") {
  auto record = request_record("{}");
  auto& exchange = std::get<model::HttpExchange>(record.content);
  exchange.request.headers = {{"AUTHORIZATION", "a"}, {"Cookie", "b"}, {"X-Other", "c"}};
  exchange.response.headers = {{"Set-Cookie", "d"}};
  const auto kept = redacted(record, {});
  const auto& result = std::get<model::HttpExchange>(kept.content);
  CHECK(result.request.headers == model::HttpHeaders{{"AUTHORIZATION", "[redacted]"},
                                                     {"Cookie", "[redacted]"},
                                                     {"X-Other", "c"}});
  CHECK(result.response.headers == model::HttpHeaders{{"Set-Cookie", "[redacted]"}});
  CHECK(kept.redacted ==
        std::vector<std::string>{"header:authorization", "header:cookie", "header:set-cookie"});
}

TEST_CASE("keys and passwords in URLs are always left out, of headers that hold one, too") {
  auto record = request_record("{}");
  auto& exchange = std::get<model::HttpExchange>(record.content);
  exchange.request.target = "http://user:pw@host/x?a=1&API_KEY=k";
  exchange.url = "http://127.0.0.1:9000/x?token=t";
  exchange.request.headers = {{"Referer", "https://u:p@there/?secret=s"}};
  exchange.response.headers = {{"Location", "/next?token=t"}};
  const auto kept = redacted(record, {});
  const auto& result = std::get<model::HttpExchange>(kept.content);
  CHECK(result.request.target == "http://host/x?a=1&API_KEY=redacted");
  CHECK(result.url == "http://127.0.0.1:9000/x?token=redacted");
  CHECK(result.request.headers ==
        model::HttpHeaders{{"Referer", "https://there/?secret=redacted"}});
  CHECK(result.response.headers == model::HttpHeaders{{"Location", "/next?token=redacted"}});
  CHECK(kept.redacted ==
        std::vector<std::string>{"userinfo", "query:secret", "query:token", "query:API_KEY"});
}

TEST_CASE("a body is not touched where there is nothing to leave out") {
  const std::string body = "{ \"b\" : {},\n \"a\":1.50, \"n\":null, \"l\":[1] }";
  const auto kept = redacted(request_record(body), {"/card", "/b/c", "/n/c", "/l/1", "X-Header"});
  CHECK(body_of(kept) == body);
  CHECK(kept.redacted.empty());
}

TEST_CASE("a pointer leaves out a member, whatever it is, and keeps the order of the others") {
  const std::string body = R"({"z":1,"card":{"number":"4111","x":[1,{"y":true}]},"a":null})";
  CHECK(body_of(redacted(request_record(body), {"/card/number"})) ==
        R"({"z":1,"card":{"number":"[redacted]","x":[1,{"y":true}]},"a":null})");
  CHECK(body_of(redacted(request_record(body), {"/card/x/1/y", "/z"})) ==
        R"({"z":"[redacted]","card":{"number":"4111","x":[1,{"y":"[redacted]"}]},"a":null})");
  CHECK(body_of(redacted(request_record(body), {"/card"})) ==
        R"({"z":1,"card":"[redacted]","a":null})");
  CHECK(body_of(redacted(request_record(R"({"a/b":{"~":1}})"), {"/a~1b/~0"})) ==
        R"({"a/b":{"~":"[redacted]"}})");
}

TEST_CASE("a pointer goes on into a string that is JSON") {
  const auto kept =
      redacted(request_record(R"({"text":"{\"card\":{\"number\":4111}}"})"), {"/text/card/number"});
  CHECK(body_of(kept) == R"({"text":"{\"card\":{\"number\":\"[redacted]\"}}"})");
  CHECK(kept.redacted == std::vector<std::string>{"/text/card/number"});
}

TEST_CASE("a body that cannot be searched is left out as a whole") {
  const auto kept = redacted(request_record(R"({"card":{"number":"4111)"), {"/card/number"});
  CHECK(body_of(kept) == "[redacted]");
  CHECK(kept.redacted == std::vector<std::string>{"body"});
}

TEST_CASE("messages are redacted by their payload") {
  const auto text = redacted(message_record(model::Value::text(R"({"pin":1})")), {"/pin"});
  CHECK(std::get<model::Message>(text.content).value ==
        model::Value::text(R"({"pin":"[redacted]"})"));
  const auto binary = redacted(message_record(model::Value::binary("\xFF")), {"/pin"});
  CHECK(std::get<model::Message>(binary.content).value == model::Value::text("[redacted]"));
}

TEST_CASE("what is neither a header's name nor a pointer is refused") {
  for (const char* what : {"", "a b", "/a~", "/~2", "Header:"}) {
    INFO(what);
    const auto parsed = Redactions::parse({what});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::Usage);
  }
}
