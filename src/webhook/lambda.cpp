// SPDX-License-Identifier: Apache-2.0
#include "webhook/lambda.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <strings.h>

namespace topicloop::webhook {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* k_invocation_path = "/2015-03-31/functions/function/invocations";
constexpr int k_bad_gateway = 502;
constexpr int k_busy = 429;

Json request_context(const SignedRequest& request, SystemTime fired_at) {
  return {{"accountId", "000000000000"},
          {"apiId", "topicloop"},
          {"httpMethod", "POST"},
          {"identity", {{"sourceIp", "127.0.0.1"}, {"userAgent", k_user_agent}}},
          {"path", "/"},
          {"protocol", "HTTP/1.1"},
          {"requestId", request.id},
          {"requestTimeEpoch", to_epoch_ms(fired_at)},
          {"resourcePath", "/"},
          {"stage", "local"}};
}

void fail(DeliveryOutcome& outcome, std::string why) {
  outcome.status = k_bad_gateway;
  outcome.error = std::move(why);
}

std::string text_of(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

std::string retry_after_of(const Json& answer) {
  const auto headers = answer.find("headers");
  if (headers == answer.end() || !headers->is_object()) return "";
  for (const auto& [name, value] : headers->items()) {
    if (::strcasecmp(name.c_str(), "Retry-After") != 0) continue;
    return value.is_string() ? value.get<std::string>() : value.dump();
  }
  return "";
}

}  // namespace

std::string invocation_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t path = url.find('/', host);
  if (path == std::string_view::npos) return std::string(url) + k_invocation_path;
  if (path + 1 == url.size()) return std::string(url.substr(0, path)) + k_invocation_path;
  return std::string(url);
}

SignedRequest to_invocation(const SignedRequest& request, const std::string& url,
                            SystemTime fired_at) {
  Json headers = Json::object();
  Json multi_value_headers = Json::object();
  for (const auto& [name, value] : request.headers) {
    headers[name] = value;
    multi_value_headers[name] = Json::array({value});
  }
  const Json event{{"resource", "/"},
                   {"path", "/"},
                   {"httpMethod", "POST"},
                   {"headers", std::move(headers)},
                   {"multiValueHeaders", std::move(multi_value_headers)},
                   {"queryStringParameters", nullptr},
                   {"multiValueQueryStringParameters", nullptr},
                   {"pathParameters", nullptr},
                   {"stageVariables", nullptr},
                   {"requestContext", request_context(request, fired_at)},
                   {"body", request.body},
                   {"isBase64Encoded", false}};
  return {.url = invocation_url(url),
          .headers = {{"Content-Type", k_content_type}},
          .body = event.dump(),
          .id = request.id};
}

void judge_invocation(DeliveryOutcome& outcome) {
  if (outcome.status == 400 && outcome.body.empty()) {
    outcome.status = k_busy;
    outcome.error = "the emulator is busy with another invocation";
    return;
  }
  if (!outcome.delivered()) return;
  const Json answer = Json::parse(outcome.body, nullptr, false);
  if (answer.is_discarded()) {
    constexpr std::size_t k_shown = 100;  // Enough of "Task timed out after 3.00 seconds".
    return fail(outcome, fmt::format("the function's answer is no JSON: {}",
                                     outcome.body.substr(0, k_shown)));
  }
  if (!answer.is_object()) return fail(outcome, "the function's answer is no JSON object");
  if (answer.contains("errorMessage")) {
    const std::string type = text_of(answer, "errorType");
    return fail(outcome, fmt::format("the function failed: {}{}{}", type, type.empty() ? "" : ": ",
                                     text_of(answer, "errorMessage")));
  }
  const auto status = answer.find("statusCode");
  const bool is_status =
      status != answer.end() && status->is_number_integer() && *status >= 100 && *status <= 599;
  if (!is_status) return fail(outcome, "the function's answer has no statusCode");
  outcome.status = status->get<int>();
  outcome.retry_after = retry_after_of(answer);
}

}  // namespace topicloop::webhook
