// SPDX-License-Identifier: Apache-2.0
#include "capture/record.hpp"

#include "base/text.hpp"
#include "capture/json_line.hpp"

namespace topicloop::capture {

namespace {

const char* name_of(model::Verification::Outcome outcome) {
  switch (outcome) {
    case model::Verification::Outcome::Verified:
      return "verified";
    case model::Verification::Outcome::Failed:
      return "failed";
    case model::Verification::Outcome::NotChecked:
      break;
  }
  return "not_checked";
}

JsonLine begin_line(const char* type, const model::CaptureRecord& record) {
  JsonLine line;
  line.bytes("type", type).bytes("at", to_rfc3339(record.at)).number("mono_ns", record.mono_ns);
  return line;
}

void append_redacted(JsonLine& line, const std::vector<std::string>& redacted) {
  if (redacted.empty()) return;
  std::string list = "[";
  for (const std::string& what : redacted) {
    if (list.size() > 1) list += ',';
    append_json_string(list, what);
  }
  line.json("redacted", list + ']');
}

void append(JsonLine& line, const model::CaptureRecord&, const model::HttpExchange& exchange) {
  const model::HttpRequest& request = exchange.request;
  line.bytes("id", exchange.id).bytes("peer", exchange.peer).bytes("url", exchange.url);
  line.bytes("method", request.method).bytes("target", request.target);
  if (!request.version.empty()) line.bytes("http_version", request.version);
  line.headers("headers", request.headers);
  line.bytes("body", request.body);
  if (!request.body_received) line.boolean("body_received", false);

  JsonLine verification;
  verification.bytes("result", name_of(exchange.verification.outcome));
  if (!exchange.verification.reason.empty()) {
    verification.bytes("reason", exchange.verification.reason);
  }
  line.json("verification", verification.take());

  JsonLine response;
  response.number("status", exchange.response.status)
      .headers("headers", exchange.response.headers)
      .bytes("body", exchange.response.body)
      .number("latency_us", exchange.latency.count());
  if (!exchange.reason.empty()) response.bytes("reason", exchange.reason);
  line.json("response", response.take());
  if (exchange.attempts > 0) line.unsigned_number("attempts", exchange.attempts);
}

void append(JsonLine& line, const model::CaptureRecord& record, const model::Message& message) {
  line.bytes("cache", message.cache)
      .bytes("topic", message.topic)
      .unsigned_number("sequence_number", message.sequence_number)
      .unsigned_number("sequence_page", message.sequence_page)
      .bytes("publisher_id", message.publisher_id);
  // Text that is none would come back as binary; better that than not at all.
  if (message.value.is_text() && !find_invalid_utf8(message.value.bytes)) {
    line.bytes("text", message.value.bytes);
  } else {
    line.base64("binary_base64", message.value.bytes);
  }
  line.bytes("received_at", to_rfc3339(record.at));
}

void append(JsonLine& line, const model::CaptureRecord&, const model::Gap& gap) {
  std::string missing = "[";
  for (const auto& range : gap.missing) {
    if (missing.size() > 1) missing += ',';
    JsonLine one;
    one.unsigned_number("sequence_page", range.sequence_page)
        .unsigned_number("first", range.first)
        .json("last", range.last ? std::to_string(*range.last) : "null");
    missing += one.take();
  }
  line.bytes("cache", gap.cache).bytes("topic", gap.topic).json("missing", missing + ']');
}

struct TypeName {
  const char* operator()(const model::HttpExchange&) const { return "request"; }
  const char* operator()(const model::Message&) const { return "message"; }
  const char* operator()(const model::Gap&) const { return "gap"; }
};

}  // namespace

std::string to_line(const Header& header) {
  JsonLine line;
  line.number("v", header.version).bytes("type", "capture").bytes("tool", header.tool);
  line.bytes("at", to_rfc3339(header.at)).number("mono_ns", header.mono_ns);
  return line.take();
}

std::string to_line(const model::CaptureRecord& record) {
  JsonLine line = begin_line(std::visit(TypeName{}, record.content), record);
  std::visit([&](const auto& content) { append(line, record, content); }, record.content);
  append_redacted(line, record.redacted);
  return line.take();
}

model::CaptureRecord record_now(
    std::variant<model::HttpExchange, model::Message, model::Gap> content) {
  return {.at = std::chrono::system_clock::now(),
          .mono_ns = to_mono_ns(std::chrono::steady_clock::now()),
          .content = std::move(content),
          .redacted = {}};
}

std::int64_t to_mono_ns(std::chrono::steady_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

std::string header_line_now() {
  return to_line(Header{.tool = "topicloop " TOPICLOOP_VERSION,
                        .at = std::chrono::system_clock::now(),
                        .mono_ns = to_mono_ns(std::chrono::steady_clock::now())}) +
         '\n';
}

}  // namespace topicloop::capture
