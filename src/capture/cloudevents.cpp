// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "capture/convert.hpp"
#include "capture/event_of.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace topicloop::capture {

using Json = nlohmann::ordered_json;

namespace {

// A segment of a URI: everything else is escaped.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_unreserved = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                               (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' ||
                               c == '~';
    if (is_unreserved) {
      result += c;
    } else {
      fmt::format_to(std::back_inserter(result), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string source_of(const std::string& cache, const std::string& topic) {
  return fmt::format("/caches/{}/topics/{}", escaped(cache), escaped(topic));
}

void add_data(Json& event, const model::Value& value) {
  const bool is_text = value.is_text() && !find_invalid_utf8(value.bytes);
  event["datacontenttype"] = is_text ? "text/plain; charset=utf-8" : "application/octet-stream";
  if (is_text) {
    event["data"] = value.bytes;
  } else {
    event["data_base64"] = to_base64(value.bytes);
  }
}

// Source and id together are an event's own: a message's number is, on its page.
Json event_of_content(const model::CaptureRecord&, const model::Message& message) {
  Json event{{"specversion", "1.0"},
             {"id", fmt::format("{}-{}", message.sequence_page, message.sequence_number)},
             {"source", source_of(message.cache, message.topic)},
             {"type", "topicloop.message"},
             {"subject", message.topic}};
  add_data(event, message.value);
  return event;
}

// The body as it came, and not the message in it: that is what a receiver has to deal with.
Json event_of_content(const model::CaptureRecord& record, const model::HttpExchange& exchange) {
  const auto inner = event_of(exchange);
  Json event{{"specversion", "1.0"},
             {"id", fmt::format("{}-{}", record.mono_ns, exchange.id)},
             {"source", inner ? source_of(inner->cache, inner->topic) : url_of(exchange)},
             {"type", "topicloop.webhook"}};
  if (inner) event["subject"] = inner->topic;
  const std::string& body = exchange.request.body;
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) {
    add_data(event, model::Value::binary(body));
  } else {
    event["datacontenttype"] = "application/json";
    event["data"] = std::move(json);
  }
  return event;
}

Json event_of_content(const model::CaptureRecord&, const model::Gap&) {
  return {};
}

}  // namespace

std::optional<std::string> to_cloudevent(const model::CaptureRecord& record) {
  Json event = std::visit([&](const auto& content) { return event_of_content(record, content); },
                          record.content);
  if (event.is_null()) return std::nullopt;
  // An empty subject or source is none.
  if (event.value("subject", "x").empty()) event.erase("subject");
  if (event.value("source", "").empty()) event["source"] = "/";
  event["time"] = to_rfc3339(record.at);
  return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace topicloop::capture
