// SPDX-License-Identifier: Apache-2.0
#include "capture/event_of.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace topicloop::capture {

using Json = nlohmann::json;

namespace {

// The webhook room's own marks (webhook/request.hpp), which a capture has as bytes.
constexpr const char* k_text_encoding_header = "topicloop-text-encoding";
constexpr const char* k_base64 = "base64";
constexpr int k_max_depth = 16;

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

const std::string* string_in(const Json& json, const char* key) {
  const auto member = json.find(key);
  return member != json.end() && member->is_string() ? member->get_ptr<const std::string*>()
                                                     : nullptr;
}

// The request in a Lambda's invocation (webhook/lambda.hpp).
model::HttpExchange handed_over(const Json& invocation, const std::string& body) {
  model::HttpExchange exchange;
  exchange.request.body = body;
  if (const auto headers = invocation.find("headers");
      headers != invocation.end() && headers->is_object()) {
    for (const auto& [name, value] : headers->items()) {
      if (value.is_string()) exchange.request.headers.emplace_back(name, value);
    }
  }
  return exchange;
}

}  // namespace

std::optional<CapturedEvent> event_of(const model::HttpExchange& exchange) {
  const auto is_shallow = [](int depth, Json::parse_event_t, const Json&) {
    return depth <= k_max_depth;
  };
  const Json json = Json::parse(exchange.request.body, is_shallow, false);
  if (!json.is_object()) return std::nullopt;
  if (const auto* inner = string_in(json, "body"); inner && string_in(json, "httpMethod")) {
    return event_of(handed_over(json, *inner));
  }
  const auto* cache = string_in(json, "cache");
  const auto* topic = string_in(json, "topic");
  const auto* text = string_in(json, "text");
  const auto number = json.find("topic_sequence_number");
  if (cache == nullptr || topic == nullptr || text == nullptr || number == json.end() ||
      !number->is_number_unsigned()) {
    return std::nullopt;
  }
  const auto* token_id = string_in(json, "token_id");
  CapturedEvent event{*cache, *topic, number->get<std::uint64_t>(),
                      token_id == nullptr ? "" : *token_id, model::Value::text(*text)};
  if (header_of(exchange.request.headers, k_text_encoding_header) == k_base64) {
    auto bytes = from_base64(*text);
    if (!bytes) return std::nullopt;
    event.payload = model::Value::binary(*std::move(bytes));
  }
  return event;
}

std::optional<std::string> header_of(const model::HttpHeaders& headers, std::string_view name) {
  for (const auto& [header, value] : headers) {
    if (equal_ignoring_case(header, name)) return value;
  }
  return std::nullopt;
}

}  // namespace topicloop::capture
