// SPDX-License-Identifier: Apache-2.0
#include "webhook/event.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>

namespace topicloop::webhook {

namespace {

using Json = nlohmann::json;

constexpr std::size_t k_bytes_around_the_strings = 160;

Error bad_event(std::string message) {
  return {ErrorKind::BadInput, std::move(message), ""};
}

// Reads the members of one object; after the first failure the rest is skipped.
class MemberReader {
public:
  explicit MemberReader(Json& object) : object_(object) {}

  void read(const char* key, std::string& into) {
    if (Json* value = find(key, "a string", &Json::is_string)) {
      into = std::move(value->get_ref<std::string&>());
    }
  }

  void read(const char* key, std::uint64_t& into) {
    if (Json* value = find(key, "a whole number, not negative", &Json::is_number_unsigned)) {
      into = value->get<std::uint64_t>();
    }
  }

  void read(const char* key, std::int64_t& into) {
    std::uint64_t number = 0;
    read(key, number);
    if (!std::in_range<std::int64_t>(number) && !error_) {
      error_ = bad_event(fmt::format("webhook event: \"{}\" is too large", key));
    }
    into = static_cast<std::int64_t>(number);
  }

  const std::optional<Error>& error() const { return error_; }

private:
  Json* find(const char* key, const char* expected, bool (Json::*has_type)() const noexcept) {
    if (error_) return nullptr;
    const auto member = object_.find(key);
    if (member == object_.end()) {
      error_ = bad_event(fmt::format("webhook event: key \"{}\" is missing", key));
      return nullptr;
    }
    if (!((*member).*has_type)()) {
      error_ = bad_event(fmt::format("webhook event: \"{}\" must be {}", key, expected));
      return nullptr;
    }
    return &*member;
  }

  Json& object_;
  std::optional<Error> error_;
};

}  // namespace

std::string to_json(const model::WebhookEvent& event) {
  std::string out;
  out.reserve(event.cache.size() + event.topic.size() + event.token_id.size() + event.text.size() +
              k_bytes_around_the_strings);
  out += R"({"cache":)";
  append_json_string(out, event.cache);
  out += R"(,"topic":)";
  append_json_string(out, event.topic);
  fmt::format_to(std::back_inserter(out),
                 R"(,"event_timestamp":{},"publish_timestamp":{},"topic_sequence_number":{})",
                 event.event_timestamp, event.publish_timestamp, event.topic_sequence_number);
  out += R"(,"token_id":)";
  append_json_string(out, event.token_id);
  out += R"(,"text":)";
  append_json_string(out, event.text);
  out += '}';
  return out;
}

Result<model::WebhookEvent> parse_event(std::string_view body) {
  Json json;
  try {
    json = Json::parse(body);
  } catch (const Json::parse_error& error) {
    return bad_event(fmt::format("webhook event: not valid JSON at byte {}", error.byte));
  }
  if (!json.is_object()) return bad_event("webhook event: not a JSON object");

  model::WebhookEvent event;
  MemberReader members(json);
  members.read("cache", event.cache);
  members.read("topic", event.topic);
  members.read("event_timestamp", event.event_timestamp);
  members.read("publish_timestamp", event.publish_timestamp);
  members.read("topic_sequence_number", event.topic_sequence_number);
  members.read("token_id", event.token_id);
  members.read("text", event.text);
  if (members.error()) return *members.error();
  return event;
}

}  // namespace topicloop::webhook
