// SPDX-License-Identifier: Apache-2.0
#include "replay/field.hpp"

#include "base/clock.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <vector>

namespace topicloop::replay {

namespace {

constexpr std::string_view k_header = "header.";

FieldValue nothing() {
  return nullptr;
}

FieldValue number(std::uint64_t value) {
  return static_cast<long double>(value);
}

// Reads from the request, of which a message has nothing.
template <typename Read>
FieldValue of_request(const Event& event, Read read) {
  return event.exchange() == nullptr ? nothing() : read(*event.exchange());
}

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

FieldValue type_of(const Event& event) {
  return std::string(event.exchange() != nullptr ? "request" : "message");
}

FieldValue cache_of(const Event& event) {
  const auto message = event.message();
  return message ? FieldValue(message->cache) : nothing();
}

FieldValue topic_of(const Event& event) {
  const auto message = event.message();
  return message ? FieldValue(message->topic) : nothing();
}

FieldValue text_of(const Event& event) {
  const auto message = event.message();
  return message && message->value.is_text() ? FieldValue(message->value.bytes) : nothing();
}

FieldValue token_id_of(const Event& event) {
  const auto message = event.message();
  return message ? FieldValue(message->publisher_id) : nothing();
}

FieldValue sequence_number_of(const Event& event) {
  const auto message = event.message();
  return message ? number(message->sequence_number) : nothing();
}

FieldValue sequence_page_of(const Event& event) {
  return event.captured() == nullptr ? nothing() : number(event.captured()->sequence_page);
}

FieldValue from_json(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_unsigned()) return number(json.get<std::uint64_t>());
  if (json.is_number()) return json.get<long double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_null()) return nothing();
  return text;
}

}  // namespace

const std::vector<Field::Known>& Field::known() {
  using Exchange = model::HttpExchange;
  static const std::vector<Known> k_known = {
      {"type", FieldType::Text, type_of},
      {"cache", FieldType::Text, cache_of},
      {"topic", FieldType::Text, topic_of},
      {"sequence_number", FieldType::Number, sequence_number_of},
      {"sequence_page", FieldType::Number, sequence_page_of},
      {"text", FieldType::Text, text_of},
      {"token_id", FieldType::Text, token_id_of},
      {"size", FieldType::Number,
       [](const Event& event) { return number(event.content().size()); }},
      {"at", FieldType::Text,
       [](const Event& event) { return FieldValue(to_rfc3339(event.record.at)); }},
      {"file", FieldType::Text, [](const Event& event) { return FieldValue(event.file); }},
      {"line", FieldType::Number, [](const Event& event) { return number(event.line); }},
      {"id", FieldType::Text,
       [](const Event& event) {
         return of_request(event, [](const Exchange& x) { return FieldValue(x.id); });
       }},
      {"peer", FieldType::Text,
       [](const Event& event) {
         return of_request(event, [](const Exchange& x) { return FieldValue(x.peer); });
       }},
      {"method", FieldType::Text,
       [](const Event& event) {
         return of_request(event, [](const Exchange& x) { return FieldValue(x.request.method); });
       }},
      {"target", FieldType::Text,
       [](const Event& event) {
         return of_request(event, [](const Exchange& x) { return FieldValue(x.request.target); });
       }},
      {"verification", FieldType::Text,
       [](const Event& event) {
         return of_request(event, [](const Exchange& x) {
           return FieldValue(std::string(name_of(x.verification.outcome)));
         });
       }},
      {"status", FieldType::Number,
       [](const Event& event) {
         return of_request(event, [](const Exchange& x) {
           return number(static_cast<std::uint64_t>(x.response.status));
         });
       }},
      {"latency_us", FieldType::Number, [](const Event& event) {
         return of_request(event, [](const Exchange& x) {
           return number(static_cast<std::uint64_t>(x.latency.count()));
         });
       }}};
  return k_known;
}

Result<Field> Field::named(std::string_view name) {
  Field field;
  if (name.starts_with('/')) {
    auto pointer = Pointer::parse(name);
    if (!pointer) return std::move(pointer).error();
    field.pointer_ = *std::move(pointer);
    return field;
  }
  if (name.starts_with(k_header) && name.size() > k_header.size()) {
    field.header_ = name.substr(k_header.size());
    field.type_ = FieldType::Text;
    return field;
  }
  std::vector<std::string_view> names;
  for (const Known& one : known()) {
    names.push_back(one.name);
    if (one.name != name) continue;
    field.type_ = one.type;
    field.read_ = one.read;
    return field;
  }
  return Error{ErrorKind::Usage, fmt::format("there is no field \"{}\"", name),
               fmt::format("fields are {}, header.NAME and JSON pointers like /text/card",
                           fmt::join(names, ", "))};
}

FieldValue Field::of(const Event& event) const {
  if (read_ != nullptr) return read_(event);
  if (pointer_) {
    const auto found = pointer_->find(event.content());
    return found ? from_json(*found) : nothing();
  }
  if (event.exchange() == nullptr) return nothing();
  auto value = capture::header_of(event.exchange()->request.headers, header_);
  return value ? FieldValue(*std::move(value)) : nothing();
}

}  // namespace topicloop::replay
