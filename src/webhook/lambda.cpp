// SPDX-License-Identifier: Apache-2.0
#include "webhook/lambda.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <strings.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace topicloop::webhook {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* k_invocation_path = "/2015-03-31/functions/function/invocations";
constexpr int k_bad_gateway = 502;
constexpr int k_busy = 429;
constexpr const char* k_wait_while_busy = "1";  // Seconds; to ask costs next to nothing.

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

std::string header_value(const Json& value) {
  if (value.is_array()) return value.empty() ? "" : header_value(value.back());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string retry_after_in(const Json& answer, const char* member) {
  const auto headers = answer.find(member);
  if (headers == answer.end() || !headers->is_object()) return "";
  for (const auto& [name, value] : headers->items()) {
    if (::strcasecmp(name.c_str(), "Retry-After") == 0) return header_value(value);
  }
  return "";
}

// As at an API Gateway, where a name is in both the one with several values counts.
std::string retry_after_of(const Json& answer) {
  const std::string several = retry_after_in(answer, "multiValueHeaders");
  return several.empty() ? retry_after_in(answer, "headers") : several;
}

// 200, "200" and, from languages that have but one kind of number, 200.0.
std::optional<int> status_of(const Json& answer) {
  const auto member = answer.find("statusCode");
  if (member == answer.end()) return std::nullopt;
  double status = 0;
  if (member->is_string()) {
    const auto& text = member->get_ref<const std::string&>();
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    status = number;
  } else if (member->is_number()) {
    status = member->get<double>();
  }
  if (!(status >= 100 && status <= 599) || status != std::floor(status)) return std::nullopt;
  return static_cast<int>(status);
}

// Empty if the function did not fail. A member errorMessage beside a statusCode is the function's
// own.
std::string failure_of(const DeliveryOutcome& outcome, const Json& answer) {
  const bool is_object = answer.is_object();
  const std::string message = is_object ? text_of(answer, "errorMessage") : "";
  const bool is_error_payload = !message.empty() && !answer.contains("statusCode");
  if (outcome.function_error.empty() && !is_error_payload) return "";
  const std::string type = is_object ? text_of(answer, "errorType") : "";
  std::string why = type.empty() || message.empty() ? type + message : type + ": " + message;
  if (why.empty()) why = outcome.function_error;
  return "the function failed: " + why;
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

void judge_invocation(DeliveryOutcome& outcome, std::chrono::milliseconds timeout) {
  if (outcome.timed_out) {
    // The function runs on: the emulator is busy, or would begin another beside it.
    outcome.retry_after = std::to_string(std::chrono::ceil<std::chrono::seconds>(timeout).count());
    return;
  }
  if (outcome.status == 400 && outcome.body.empty()) {
    outcome.status = k_busy;
    outcome.error = "the emulator is busy with another invocation";
    outcome.retry_after = k_wait_while_busy;
    return;
  }
  if (!outcome.delivered()) return;
  const Json answer = Json::parse(outcome.body, nullptr, false);
  if (auto why = failure_of(outcome, answer); !why.empty()) return fail(outcome, std::move(why));
  if (answer.is_discarded()) {
    constexpr std::size_t k_shown = 100;  // Enough of "Task timed out after 3.00 seconds".
    return fail(outcome, fmt::format("the function's answer is no JSON: {}",
                                     outcome.body.substr(0, k_shown)));
  }
  if (!answer.is_object()) return fail(outcome, "the function's answer is no JSON object");
  const auto status = status_of(answer);
  if (!status) return fail(outcome, "the function's answer has no statusCode");
  outcome.status = *status;
  outcome.retry_after = retry_after_of(answer);
}

}  // namespace topicloop::webhook
