// SPDX-License-Identifier: Apache-2.0
#include "capture/convert.hpp"
#include "capture/event_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace topicloop::capture {

namespace {

// The kernel takes no longer argument than 128 KiB; the shell's own printf has no such limit.
constexpr std::size_t k_max_argument = 100'000;

bool is_name_char(char c) {
  constexpr std::string_view k_others = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         k_others.find(c) != std::string_view::npos;
}

// curl reads a file where a header begins with "@", so only what can be a header is given to it.
bool is_header(const std::string& name, const std::string& value) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_name_char) &&
         value.find_first_of(std::string_view("\0\r\n", 3)) == std::string::npos;
}

bool equals_lower(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  });
}

// What curl says by itself, from the body it has.
bool is_curls_own(std::string_view name) {
  constexpr std::array k_own = {"content-length", "transfer-encoding", "connection", "expect"};
  return std::any_of(k_own.begin(), k_own.end(),
                     [&](const char* own) { return equals_lower(name, own); });
}

std::string shell_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\0') continue;  // No argument can have one.
    if (c == '\'') {
      result += R"('\'')";
    } else {
      result += c;
    }
  }
  return result + "'";
}

// Can it stand between quotes on one line?
bool is_plain(std::string_view body) {
  return body.size() <= k_max_argument && std::none_of(body.begin(), body.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
         });
}

// The format of a printf that writes these bytes.
std::string printf_format(std::string_view bytes) {
  std::string format;
  format.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_itself = byte >= 0x20 && byte < 0x7F && c != '%' && c != '\\' && c != '\'';
    if (is_itself) {
      format += c;
    } else {
      fmt::format_to(std::back_inserter(format), "\\{:03o}", byte);
    }
  }
  return format;
}

std::string headers_of(const model::HttpHeaders& headers) {
  std::string result;
  for (const auto& [name, value] : headers) {
    if (!is_header(name, value) || is_curls_own(name)) continue;
    // Without a value curl would leave the header out, but for this spelling.
    result += " -H " + shell_quoted(value.empty() ? name + ";" : name + ": " + value);
  }
  // What curl would add.
  for (const char* added : {"User-Agent", "Accept", "Content-Type"}) {
    if (!header_of(headers, added)) result += fmt::format(" -H '{}:'", added);
  }
  result += " -H 'Expect:'";
  return result;
}

}  // namespace

std::string url_of(const model::HttpExchange& exchange) {
  const std::string& url = exchange.url;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos || !exchange.request.target.starts_with('/')) return url;
  return url.substr(0, url.find('/', scheme + 3)) + exchange.request.target;
}

std::string to_curl(const model::HttpExchange& exchange) {
  const std::string& body = exchange.request.body;
  // -q: no settings of the user's; -g: no patterns in the URL.
  std::string curl =
      fmt::format("curl -q -sS -g --path-as-is --proto '=http,https' --request {} --url {}{}",
                  shell_quoted(exchange.request.method), shell_quoted(url_of(exchange)),
                  headers_of(exchange.request.headers));
  if (is_plain(body)) return curl + " --data-raw " + shell_quoted(body);
  return fmt::format("printf '{}' | {} --data-binary @-", printf_format(body), curl);
}

}  // namespace topicloop::capture
