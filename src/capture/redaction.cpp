// SPDX-License-Identifier: Apache-2.0
#include "capture/redaction.hpp"

#include "capture/url_secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace topicloop::capture {

namespace {

constexpr std::array k_secret_headers = {"authorization", "proxy-authorization", "cookie",
                                         "set-cookie",    "x-api-key",           "x-auth-token",
                                         "api-key",       "x-amz-security-token"};
// Whose values are URLs, or request targets.
constexpr std::array k_url_headers = {"referer",         "location",        "content-location",
                                      "x-original-url",  "x-original-uri",  "x-rewrite-url",
                                      "x-forwarded-uri", "x-forwarded-path"};

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

void redact_url(std::string& url, std::vector<std::string>& redacted) {
  for (std::string& what : leave_out_url_secrets(url))
    note(redacted, std::move(what));
}

bool is_token(std::string_view name) {
  constexpr std::string_view k_others = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           k_others.find(c) != std::string_view::npos;
  });
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
    auto pointer = SecretPointer::parse(item);
    if (!pointer) {
      return Error{ErrorKind::Usage,
                   fmt::format("\"{}\" is no JSON pointer: write ~ as ~0 and / as ~1", item), ""};
    }
    redactions.pointers_.push_back(*std::move(pointer));
  }
  return redactions;
}

void Redactions::apply(model::CaptureRecord& record) const {
  std::visit([&](auto& content) { apply_to(content, record.redacted); }, record.content);
}

void Redactions::apply_to(model::HttpExchange& exchange, std::vector<std::string>& redacted) const {
  redact_headers(exchange.request.headers, redacted);
  redact_headers(exchange.response.headers, redacted);
  redact_url(exchange.request.target, redacted);
  redact_url(exchange.url, redacted);
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
    if (lists(k_secret_headers, lower_name) || lists(headers_, lower_name)) {
      value = k_redacted;
      note(redacted, "header:" + lower_name);
    } else if (lists(k_url_headers, lower_name)) {
      redact_url(value, redacted);
    }
  }
}

bool Redactions::redact_body(std::string& body, std::vector<std::string>& redacted) const {
  bool changed = false;
  for (const SecretPointer& pointer : pointers_) {
    for (std::string& what : pointer.leave_out(body)) {
      note(redacted, what.empty() ? "body" : std::move(what));
      changed = true;
    }
  }
  return changed;
}

}  // namespace topicloop::capture
