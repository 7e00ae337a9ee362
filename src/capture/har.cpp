// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "capture/convert.hpp"
#include "capture/event_of.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace topicloop::capture {

using Json = nlohmann::ordered_json;

namespace {

std::string dump(const Json& json) {
  // A header need not be UTF-8, and JSON must be.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                           hex_digit(text[i + 2]) >= 0;
    if (is_escape) {
      result += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

Json query_of(const std::string& target) {
  Json query = Json::array();
  const std::size_t question = target.find('?');
  if (question == std::string::npos) return query;
  std::string_view rest = std::string_view(target).substr(question + 1);
  while (!rest.empty()) {
    const std::string_view parameter = rest.substr(0, rest.find('&'));
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    query.push_back({{"name", percent_decoded(parameter.substr(0, equals))},
                     {"value", percent_decoded(value)}});
    rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
  }
  return query;
}

Json headers_of(const model::HttpHeaders& headers) {
  Json list = Json::array();
  for (const auto& [name, value] : headers)
    list.push_back({{"name", name}, {"value", value}});
  return list;
}

std::string type_of(const model::HttpHeaders& headers) {
  return header_of(headers, "Content-Type").value_or("application/octet-stream");
}

// HAR knows an encoding for answers only; an underscore marks what it does not know.
void add_text(Json& content, const std::string& body, const char* encoding_key) {
  if (!find_invalid_utf8(body)) {
    content["text"] = body;
    return;
  }
  content["text"] = to_base64(body);
  content[encoding_key] = "base64";
}

Json request_of(const model::HttpExchange& exchange) {
  const model::HttpRequest& request = exchange.request;
  Json json{{"method", request.method},
            {"url", url_of(exchange)},
            {"httpVersion", request.version.empty() ? "HTTP/1.1" : request.version},
            {"cookies", Json::array()},
            {"headers", headers_of(request.headers)},
            {"queryString", query_of(request.target)}};
  if (request.body_received) {
    Json data{{"mimeType", type_of(request.headers)}, {"params", Json::array()}};
    add_text(data, request.body, "_encoding");
    json["postData"] = std::move(data);
  }
  json["headersSize"] = -1;
  json["bodySize"] = request.body_received ? static_cast<std::int64_t>(request.body.size()) : -1;
  return json;
}

Json response_of(const model::HttpExchange& exchange) {
  const model::HttpResponse& response = exchange.response;
  Json content{{"size", response.body.size()}, {"mimeType", type_of(response.headers)}};
  add_text(content, response.body, "encoding");
  return {{"status", response.status},
          {"statusText", ""},
          {"httpVersion", "HTTP/1.1"},
          {"cookies", Json::array()},
          {"headers", headers_of(response.headers)},
          {"content", std::move(content)},
          {"redirectURL", ""},
          {"headersSize", -1},
          {"bodySize", response.body.size()}};
}

}  // namespace

std::string har_begin() {
  std::string begin = dump({{"log",
                             {{"version", "1.2"},
                              {"creator", {{"name", "topicloop"}, {"version", TOPICLOOP_VERSION}}},
                              {"entries", Json::array()}}}});
  begin.resize(begin.size() - std::string_view(k_har_end).size());
  return begin;
}

std::string to_har_entry(const model::CaptureRecord& record, const model::HttpExchange& exchange) {
  const double milliseconds = static_cast<double>(exchange.latency.count()) / 1'000;
  Json entry{{"startedDateTime", to_rfc3339(record.at)},
             {"time", milliseconds},
             {"request", request_of(exchange)},
             {"response", response_of(exchange)},
             {"cache", Json::object()},
             {"timings", {{"send", 0}, {"wait", milliseconds}, {"receive", 0}}}};
  std::string comment = exchange.reason;
  for (const std::string& what : record.redacted)
    comment += (comment.empty() ? "redacted: " : "; redacted: ") + what;
  if (!comment.empty()) entry["comment"] = comment;
  return dump(entry);
}

}  // namespace topicloop::capture
