// SPDX-License-Identifier: Apache-2.0
#include "webhook/lambda.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace topicloop;
using namespace topicloop::webhook;
using nlohmann::json;

namespace {

DeliveryOutcome judged(std::string body, int status = 200, std::string function_error = "") {
  DeliveryOutcome outcome;
  outcome.status = status;
  outcome.function_error = std::move(function_error);
  outcome.body = std::move(body);
  judge_invocation(outcome, std::chrono::milliseconds(5'000));
  return outcome;
}

}  // namespace

TEST_CASE("an invocation goes to the emulator's path unless the URL has one") {
  const std::string path = "/2015-03-31/functions/function/invocations";
  CHECK(invocation_url("http://127.0.0.1:9000") == "http://127.0.0.1:9000" + path);
  CHECK(invocation_url("http://127.0.0.1:9000/") == "http://127.0.0.1:9000" + path);
  CHECK(invocation_url("http://h:1/2015-03-31/functions/other/invocations") ==
        "http://h:1/2015-03-31/functions/other/invocations");
}

TEST_CASE("an invocation hands the request over as API Gateway does") {
  const SystemTime at = SystemTime(std::chrono::milliseconds(1'234));
  const SignedRequest request =
      make_request({{"c", ""}, "t", ""}, {"c", "t", 5, 7, "me", model::Value::text("straße \"1\"")},
                   at, at, Signer("secret"));
  const SignedRequest invocation = to_invocation(request, "http://127.0.0.1:9000", at);
  CHECK(invocation.id == request.id);
  CHECK(invocation.headers ==
        std::vector<std::pair<std::string, std::string>>{{"Content-Type", "application/json"}});
  const json event = json::parse(invocation.body);
  CHECK(event["httpMethod"] == "POST");
  CHECK(event["path"] == "/");
  CHECK(event["isBase64Encoded"] == false);
  CHECK(event["body"] == request.body);
  CHECK(event["headers"]["momento-signature"] == Signer("secret").sign(request.body));
  CHECK(event["headers"]["Content-Type"] == "application/json");
  CHECK(event["headers"]["User-Agent"] == k_user_agent);
  CHECK(event["multiValueHeaders"]["Content-Type"] == json::array({"application/json"}));
  CHECK(event["queryStringParameters"].is_null());
  CHECK(event["requestContext"]["requestTimeEpoch"] == 1'234);
  CHECK(event["requestContext"]["httpMethod"] == "POST");
}

TEST_CASE("the function's statusCode is the status of the delivery") {
  CHECK(judged(R"({"statusCode":200,"body":"ok"})").status == 200);
  CHECK(judged(R"({"statusCode":204})").delivered());
  const auto refused = judged(R"({"statusCode":403,"body":"no"})");
  CHECK(refused.status == 403);
  CHECK(refused.error.empty());
}

TEST_CASE("a statusCode may be any way to write an integer") {
  CHECK(judged(R"({"statusCode":"201"})").status == 201);
  CHECK(judged(R"({"statusCode":201.0})").status == 201);
  CHECK(judged(R"({"statusCode":2.01e2})").status == 201);
  CHECK(judged(R"({"statusCode":202,"isBase64Encoded":true,"body":"AP8="})").status == 202);
}

TEST_CASE("the function's Retry-After is that of the delivery") {
  CHECK(judged(R"({"statusCode":429,"headers":{"retry-after":"7"}})").retry_after == "7");
  CHECK(judged(R"({"statusCode":503,"headers":{"Retry-After":7}})").retry_after == "7");
  CHECK(judged(R"({"statusCode":503,"headers":null})").retry_after.empty());
  CHECK(judged(R"({"statusCode":503,"multiValueHeaders":{"retry-after":["7"]}})").retry_after ==
        "7");
  CHECK(judged(R"({"statusCode":503,"headers":{"Retry-After":"1"},)"
               R"("multiValueHeaders":{"Retry-After":["7"]}})")
            .retry_after == "7");
  CHECK(judged(R"({"statusCode":503,"multiValueHeaders":{"Retry-After":[]}})").retry_after.empty());
}

TEST_CASE("a function that failed is a bad gateway with its own words") {
  const auto thrown = judged(R"({"errorType":"TypeError","errorMessage":"x is null","trace":[]})");
  CHECK(thrown.status == 502);
  CHECK(thrown.error == "the function failed: TypeError: x is null");
  CHECK(judged(R"({"errorMessage":"no type"})").error == "the function failed: no type");
  const auto timed_out = judged("Task timed out after 3.00 seconds");
  CHECK(timed_out.status == 502);
  CHECK(timed_out.error == "the function's answer is no JSON: Task timed out after 3.00 seconds");
}

TEST_CASE("an answer that API Gateway would not understand is a bad gateway") {
  for (const char* body :
       {"null", "\"ok\"", "[]", "{}", R"({"statusCode":200.5})", R"({"statusCode":"200 "})",
        R"({"statusCode":"x"})", R"({"statusCode":""})", R"({"statusCode":null})",
        R"({"statusCode":-200})", R"({"statusCode":1e999})", R"({"statusCode":[200]})",
        R"({"statusCode":99})", R"({"statusCode":99999999999999})", "", R"({"statusCode":200)"}) {
    INFO(body);
    const auto outcome = judged(body);
    CHECK(outcome.status == 502);
    CHECK_FALSE(outcome.error.empty());
  }
}

TEST_CASE("what is not the function's answer stays as it is") {
  CHECK(judged("", 404).status == 404);
  CHECK(judged(R"({"statusCode":200})", 500).status == 500);
  DeliveryOutcome none;
  none.error = "connection refused";
  judge_invocation(none, std::chrono::milliseconds(5'000));
  CHECK(none.status == 0);
  CHECK(none.error == "connection refused");
}

TEST_CASE("a function that failed by the emulator's word is a bad gateway whatever it answered") {
  const auto failed = judged(R"({"statusCode":200})", 200, "Unhandled");
  CHECK(failed.status == 502);
  CHECK(failed.error == "the function failed: Unhandled");
  CHECK(judged(R"({"errorType":"E","errorMessage":"why"})", 200, "Handled").error ==
        "the function failed: E: why");
  CHECK(judged("[1]", 200, "Unhandled").error == "the function failed: Unhandled");
  CHECK(judged("nonsense", 200, "Unhandled").error == "the function failed: Unhandled");
}

TEST_CASE("an error message beside a statusCode is the function's own answer") {
  CHECK(judged(R"({"statusCode":422,"errorMessage":"no such order"})").status == 422);
}

TEST_CASE("after an invocation that took too long the next one gives it as much time again") {
  DeliveryOutcome late;
  late.timed_out = true;
  late.error = "no answer within 4.5s";
  judge_invocation(late, std::chrono::milliseconds(4'500));
  CHECK(late.status == 0);
  CHECK(late.retry_after == "5");
}

TEST_CASE("an emulator that is busy is asked again") {
  const auto busy = judged("", 400);
  CHECK(busy.retry_after == "1");
  CHECK(busy.status == 429);
  CHECK(may_pass(busy.status));
  CHECK(judged(R"({"errorMessage":"bad"})", 400).status == 400);
}
