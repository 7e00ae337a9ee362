// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "capture/migration.hpp"
#include "capture/record.hpp"
#include "capture/timestamp.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace topicloop::capture {

namespace {

using Json = nlohmann::json;

// Records have four levels; what is deeper is in members that are skipped anyway.
constexpr int k_max_depth = 16;

Error bad_line(std::string message) {
  return {ErrorKind::BadInput, std::move(message), ""};
}

// Members not known are dropped while parsing, so that they cost no memory. At depth 1 are the
// record's own.
bool is_wanted(int depth, Json::parse_event_t event, const Json& parsed) {
  constexpr std::array k_known = {"v",
                                  "type",
                                  "tool",
                                  "at",
                                  "mono_ns",
                                  "redacted",
                                  "id",
                                  "peer",
                                  "url",
                                  "method",
                                  "target",
                                  "http_version",
                                  "headers",
                                  "body",
                                  "body_received",
                                  "verification",
                                  "response",
                                  "attempts",
                                  "cache",
                                  "topic",
                                  "sequence_number",
                                  "sequence_page",
                                  "publisher_id",
                                  "text",
                                  "binary",
                                  "missing"};
  if (depth > k_max_depth) return false;
  if (event != Json::parse_event_t::key || depth != 1) return true;
  std::string_view key = parsed.get_ref<const std::string&>();
  if (key.ends_with("_base64")) key.remove_suffix(std::string_view("_base64").size());
  return std::find(k_known.begin(), k_known.end(), key) != k_known.end();
}

// Reads the members of one object; after the first failure the rest is skipped.
class MemberReader {
public:
  MemberReader(Json& object, std::string where) : object_(object), where_(std::move(where)) {}

  void require(const char* key, std::string& into) {
    if (!read(key, into)) fail(key, "is missing");
  }
  bool read(const char* key, std::string& into) {
    Json* plain = find(key);
    Json* encoded = find(fmt::format("{}_base64", key).c_str());
    if (plain != nullptr && encoded != nullptr) fail(key, "is there twice, as it is and as base64");
    if (plain != nullptr) {
      if (!plain->is_string()) return fail(key, "must be a string");
      into = std::move(plain->get_ref<std::string&>());
      return true;
    }
    return encoded != nullptr && read_base64(fmt::format("{}_base64", key).c_str(), into);
  }
  bool read_base64(const char* key, std::string& into) {
    Json* value = find(key);
    if (value == nullptr) return false;
    auto bytes = value->is_string() ? from_base64(value->get_ref<const std::string&>())
                                    : std::optional<std::string>();
    if (!bytes) return fail(key, "must be base64");
    into = *std::move(bytes);
    return true;
  }

  template <typename Number>
  void require_number(const char* key, Number& into) {
    if (!read_number(key, into)) fail(key, "is missing");
  }
  template <typename Number>
  bool read_number(const char* key, Number& into) {
    const Json* value = find(key);
    if (value == nullptr) return false;
    if (!value->is_number_unsigned() ||
        value->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<Number>::max()}) {
      return fail(key, "must be a whole number, not negative");
    }
    into = value->get<Number>();
    return true;
  }

  bool read_bool(const char* key, bool& into) {
    const Json* value = find(key);
    if (value == nullptr) return false;
    if (!value->is_boolean()) return fail(key, "must be true or false");
    into = value->get<bool>();
    return true;
  }

  void require_time(const char* key, SystemTime& into) {
    if (!read_time(key, into)) fail(key, "is missing");
  }
  bool read_time(const char* key, SystemTime& into) {
    std::string text;
    if (!read(key, text)) return false;
    const auto time = parse_rfc3339(text);
    if (!time) return fail(key, "must be a time as in RFC 3339");
    into = *time;
    return true;
  }

  void require_headers(const char* key, model::HttpHeaders& into) {
    Json* value = find(key);
    if (value == nullptr || !value->is_array()) {
      fail(key, "must be an array of pairs");
      return;
    }
    for (Json& pair : *value) {
      if (!pair.is_array() || pair.size() != 2) {
        fail(key, "must be an array of pairs");
        return;
      }
      auto name = string_or_bytes(pair[0]);
      auto content = string_or_bytes(pair[1]);
      if (!name || !content) {
        fail(key, "must have a string, or {\"base64\":...}, for each name and value");
        return;
      }
      into.emplace_back(*std::move(name), *std::move(content));
    }
  }

  // The member, if it is there and an array or an object.
  Json* array(const char* key) { return container(key, &Json::is_array, "must be an array"); }
  Json* object(const char* key) { return container(key, &Json::is_object, "must be an object"); }

  bool fail(std::string_view key, std::string_view what) {
    if (!error_) error_ = bad_line(fmt::format("\"{}{}\" {}", where_, key, what));
    return true;  // As if it had been there: one complaint is enough.
  }
  const std::optional<Error>& error() const { return error_; }
  void adopt(const MemberReader& inner) {
    if (!error_) error_ = inner.error_;
  }

private:
  Json* find(const char* key) {
    const auto member = object_.find(key);
    return member == object_.end() ? nullptr : &*member;
  }

  Json* container(const char* key, bool (Json::*has_type)() const noexcept, const char* what) {
    Json* value = find(key);
    if (value == nullptr || (value->*has_type)()) return value;
    fail(key, what);
    return nullptr;
  }

  static std::optional<std::string> string_or_bytes(Json& value) {
    if (value.is_string()) return std::move(value.get_ref<std::string&>());
    if (!value.is_object() || !value.contains("base64") || !value["base64"].is_string()) return {};
    return from_base64(value["base64"].get_ref<const std::string&>());
  }

  Json& object_;
  std::string where_;
  std::optional<Error> error_;
};

void read_verification(MemberReader& members, model::Verification& verification) {
  Json* object = members.object("verification");
  if (object == nullptr) return;
  MemberReader inner(*object, "verification.");
  std::string result;
  inner.require("result", result);
  inner.read("reason", verification.reason);
  using Outcome = model::Verification::Outcome;
  if (result == "verified" || result == "failed") {
    verification.outcome = result == "verified" ? Outcome::Verified : Outcome::Failed;
  } else if (result != "not_checked") {
    inner.fail("result", "must be \"verified\", \"failed\" or \"not_checked\"");
  }
  members.adopt(inner);
}

void read_response(MemberReader& members, model::HttpExchange& exchange) {
  Json* object = members.object("response");
  if (object == nullptr) {
    members.fail("response", "is missing");
    return;
  }
  MemberReader inner(*object, "response.");
  std::int64_t latency = 0;
  inner.require_number("status", exchange.response.status);
  inner.require_headers("headers", exchange.response.headers);
  inner.require("body", exchange.response.body);
  inner.require_number("latency_us", latency);
  inner.read("reason", exchange.reason);
  exchange.latency = std::chrono::microseconds(latency);
  members.adopt(inner);
}

void read(MemberReader& members, model::HttpExchange& exchange) {
  members.read("id", exchange.id);
  members.read("peer", exchange.peer);
  members.read("url", exchange.url);
  members.require("method", exchange.request.method);
  members.require("target", exchange.request.target);
  members.read("http_version", exchange.request.version);
  members.require_headers("headers", exchange.request.headers);
  members.require("body", exchange.request.body);
  members.read_bool("body_received", exchange.request.body_received);
  read_verification(members, exchange.verification);
  read_response(members, exchange);
  members.read_number("attempts", exchange.attempts);
}

void read(MemberReader& members, model::Message& message) {
  members.require("cache", message.cache);
  members.require("topic", message.topic);
  members.require_number("sequence_number", message.sequence_number);
  members.require_number("sequence_page", message.sequence_page);
  members.read("publisher_id", message.publisher_id);
  const bool is_text = members.read("text", message.value.bytes);
  const bool is_binary = members.read_base64("binary_base64", message.value.bytes);
  message.value.kind = is_binary ? model::Value::Kind::Binary : model::Value::Kind::Text;
  if (is_text == is_binary)
    members.fail("text", "or \"binary_base64\", one of them, must be there");
}

void read(MemberReader& members, model::Gap& gap) {
  members.require("cache", gap.cache);
  members.require("topic", gap.topic);
  Json* missing = members.array("missing");
  if (missing == nullptr) {
    members.fail("missing", "must be there");
    return;
  }
  for (Json& item : *missing) {
    if (!item.is_object()) {
      members.fail("missing", "must be an array of objects");
      return;
    }
    MemberReader inner(item, "missing.");
    model::Gap::Range& range = gap.missing.emplace_back();
    inner.require_number("sequence_page", range.sequence_page);
    inner.require_number("first", range.first);
    if (item.contains("last") && !item["last"].is_null()) {
      inner.require_number("last", range.last.emplace());
    }
    members.adopt(inner);
  }
}

void read_redacted(MemberReader& members, std::vector<std::string>& redacted) {
  const Json* list = members.array("redacted");
  if (list == nullptr) return;
  for (const Json& item : *list) {
    if (item.is_string()) {
      redacted.push_back(item.get<std::string>());
    } else {
      members.fail("redacted", "must be an array of strings");
    }
  }
}

template <typename Content>
Result<Line> read_record(MemberReader members) {
  model::CaptureRecord record;
  members.require_time("at", record.at);
  members.require_number("mono_ns", record.mono_ns);
  Content content;
  read(members, content);
  record.content = std::move(content);
  read_redacted(members, record.redacted);
  if (members.error()) return *members.error();
  return Line(std::move(record));
}

Result<Line> read_header(MemberReader members) {
  Header header;
  members.require_number("v", header.version);
  // What a later version has besides, nobody here can know.
  if (!members.error() && header.version > k_version) {
    return Error{ErrorKind::BadInput,
                 fmt::format("the capture's format is version {}, and this topicloop knows {}",
                             header.version, k_version),
                 "read it with the topicloop that wrote it, or a later one"};
  }
  if (header.version < 1) members.fail("v", "must be 1 or more");
  members.read("tool", header.tool);
  members.read_time("at", header.at);
  members.read_number("mono_ns", header.mono_ns);
  if (members.error()) return *members.error();
  return Line(std::move(header));
}

}  // namespace

Result<Line> parse_line(std::string_view line, std::int64_t version) {
  if (line.size() > k_max_line) {
    return bad_line(fmt::format("longer than {} bytes", k_max_line));
  }
  Json json;
  try {
    json = Json::parse(line, is_wanted);
  } catch (const Json::exception&) {
    return bad_line("not valid JSON");
  }
  if (!json.is_object()) return bad_line("not a JSON object");
  MemberReader members(json, "");
  std::string type;
  members.require("type", type);
  if (members.error()) return *members.error();
  if (type == "capture") return read_header(std::move(members));
  migrate(json, version, migration_steps());
  if (type == "request") return read_record<model::HttpExchange>(std::move(members));
  if (type == "message") return read_record<model::Message>(std::move(members));
  if (type == "gap") return read_record<model::Gap>(std::move(members));
  return Line(Unknown{std::move(type)});
}

}  // namespace topicloop::capture
