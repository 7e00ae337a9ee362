// SPDX-License-Identifier: Apache-2.0
#include "capture/redaction.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace topicloop::capture {

namespace {

// Keeps the order of members, so that what is left is what was there.
using Json = nlohmann::ordered_json;

constexpr std::array k_secret_headers = {"authorization", "proxy-authorization", "cookie",
                                         "set-cookie",    "x-api-key",           "x-auth-token",
                                         "api-key",       "x-amz-security-token"};
constexpr std::array k_secret_parameters = {"token",        "apikey", "api_key", "api-key",
                                            "access_token", "secret", "key",     "password"};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return result;
}

template <typename List>
bool lists(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void note(std::vector<std::string>& redacted, std::string what) {
  if (!lists(redacted, what)) redacted.push_back(std::move(what));
}

bool is_token(std::string_view name) {
  constexpr std::string_view k_others = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           k_others.find(c) != std::string_view::npos;
  });
}

// "~1" stands for "/" and "~0" for "~". Nothing for another "~".
std::optional<std::string> unescaped(std::string_view key) {
  std::string result;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key[i] != '~') {
      result += key[i];
      continue;
    }
    if (++i == key.size() || (key[i] != '0' && key[i] != '1')) return std::nullopt;
    result += key[i] == '0' ? '~' : '/';
  }
  return result;
}

std::optional<std::vector<std::string>> keys_of(std::string_view pointer) {
  std::vector<std::string> keys;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // The slash.
    const std::size_t size = std::min(pointer.find('/'), pointer.size());
    auto key = unescaped(pointer.substr(0, size));
    if (!key) return std::nullopt;
    keys.push_back(*std::move(key));
    pointer.remove_prefix(size);
  }
  return keys;
}

Json* child_of(Json& json, const std::string& key) {
  if (json.is_object()) {
    const auto member = json.find(key);
    return member == json.end() ? nullptr : &*member;
  }
  if (!json.is_array()) return nullptr;
  std::size_t index = 0;
  const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (failure != std::errc() || end != key.data() + key.size() || index >= json.size()) return {};
  return &json[index];
}

// What is not UTF-8 cannot have come out of the parser.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// True if there was something to replace.
bool redact(Json& json, const std::vector<std::string>& keys, std::size_t depth) {
  if (depth == keys.size()) {
    json = k_redacted;
    return true;
  }
  if (json.is_string()) {
    Json inner = Json::parse(json.get_ref<const std::string&>(), nullptr, false);
    if (inner.is_discarded() || inner.is_string() || !redact(inner, keys, depth)) return false;
    json = text_of(inner);
    return true;
  }
  Json* child = child_of(json, keys[depth]);
  return child != nullptr && redact(*child, keys, depth + 1);
}

void redact_query(std::string& target, std::vector<std::string>& redacted) {
  const std::size_t question = target.find('?');
  if (question == std::string::npos) return;
  std::string result = target.substr(0, question);
  std::string_view rest = std::string_view(target).substr(question);
  while (!rest.empty()) {
    result += rest.front();  // "?" or "&".
    rest.remove_prefix(1);
    const std::string_view parameter = rest.substr(0, rest.find('&'));
    const std::size_t equals = parameter.find('=');
    const std::string name = lower(parameter.substr(0, equals));
    if (equals != std::string_view::npos && lists(k_secret_parameters, name)) {
      result += parameter.substr(0, equals + 1);
      result += "redacted";  // Without brackets, which a URL cannot have.
      note(redacted, "query:" + name);
    } else {
      result += parameter;
    }
    rest.remove_prefix(parameter.size());
  }
  target = std::move(result);
}

}  // namespace

Result<Redactions> Redactions::parse(const std::vector<std::string>& what) {
  Redactions redactions;
  for (const std::string& item : what) {
    if (!item.starts_with('/')) {
      if (!is_token(item)) {
        return Error{
            ErrorKind::Usage,
            fmt::format("\"{}\" is neither a header's name nor a JSON pointer like /card/number",
                        item),
            ""};
      }
      redactions.headers_.push_back(lower(item));
      continue;
    }
    auto keys = keys_of(item);
    if (!keys) {
      return Error{ErrorKind::Usage,
                   fmt::format("\"{}\" is no JSON pointer: write ~ as ~0 and / as ~1", item), ""};
    }
    redactions.pointers_.push_back({item, *std::move(keys)});
  }
  return redactions;
}

void Redactions::apply(model::CaptureRecord& record) const {
  std::visit([&](auto& content) { apply_to(content, record.redacted); }, record.content);
}

void Redactions::apply_to(model::HttpExchange& exchange, std::vector<std::string>& redacted) const {
  redact_headers(exchange.request.headers, redacted);
  redact_headers(exchange.response.headers, redacted);
  redact_query(exchange.request.target, redacted);
  redact_query(exchange.url, redacted);
  redact_body(exchange.request.body, redacted);
}

void Redactions::apply_to(model::Message& message, std::vector<std::string>& redacted) const {
  if (redact_body(message.value.bytes, redacted)) message.value.kind = model::Value::Kind::Text;
}

void Redactions::apply_to(model::Gap&, std::vector<std::string>&) const {}

void Redactions::redact_headers(model::HttpHeaders& headers,
                                std::vector<std::string>& redacted) const {
  for (auto& [name, value] : headers) {
    const std::string lower_name = lower(name);
    if (!lists(k_secret_headers, lower_name) && !lists(headers_, lower_name)) continue;
    value = k_redacted;
    note(redacted, "header:" + lower_name);
  }
}

bool Redactions::redact_body(std::string& body, std::vector<std::string>& redacted) const {
  if (pointers_.empty() || body.empty()) return false;
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) {
    body = k_redacted;
    note(redacted, "body");
    return true;
  }
  bool changed = false;
  for (const Pointer& pointer : pointers_) {
    if (!redact(json, pointer.keys, 0)) continue;
    note(redacted, pointer.text);
    changed = true;
  }
  if (changed) body = text_of(json);
  return changed;
}

}  // namespace topicloop::capture
