// SPDX-License-Identifier: Apache-2.0
#include "base/shown_url.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace topicloop {

namespace {

// Wherever they are in a name, once it has only letters and digits.
constexpr std::array<std::string_view, 12> k_telling_parts = {
    "token",  "secret",    "passw",      "passphrase",      "signature",    "credential",
    "apikey", "accesskey", "accountkey", "subscriptionkey", "functionskey", "authkey"};
// As a whole word of a name; within others they mean something else: "monkey", "passenger".
constexpr std::array<std::string_view, 12> k_telling_words = {
    "key",  "auth", "authorization", "bearer",  "hmac", "jwt",
    "pass", "pwd",  "sas",           "session", "sid",  "sig"};

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

std::optional<int> digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::string decoded_once(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = digit_of(text[i + 1]);
      const auto low = digit_of(text[i + 2]);
      if (high && low) {
        result += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    result += text[i];
  }
  return result;
}

// What Azure's functions call their key; "country_code" is something else.
constexpr std::string_view k_telling_name = "code";

// A proxy may encode what was encoded; nobody does so more often than this.
constexpr int k_most_decodings = 4;

std::string percent_decoded(std::string_view text) {
  std::string decoded(text);
  for (int i = 0; i < k_most_decodings && decoded.find('%') != std::string::npos; ++i)
    decoded = decoded_once(decoded);
  return decoded;
}

template <typename List>
bool lists(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Where user and password would begin.
std::size_t authority_of(std::string_view url) {
  const std::size_t colon = url.find("://");
  const bool has_scheme = colon != std::string_view::npos && url.find_first_of("/?#") > colon;
  if (has_scheme) return colon + 3;
  return url.starts_with("//") ? 2 : 0;
}

std::string hide_user(std::string_view value) {
  const std::size_t colon = value.find("://");
  const std::size_t end =
      colon == std::string_view::npos ? 0 : std::min(value.find('/', colon + 3), value.size());
  const std::size_t at = value.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < colon) return std::string(value);
  return std::string(value.substr(0, colon + 3)) + std::string(k_hidden) +
         std::string(value.substr(at));
}

std::string hide_parameters(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    result += text.front();  // What separates it from what was before.
    text.remove_prefix(1);
    std::string_view parameter = text.substr(0, text.find_first_of("&;?#"));
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) {
      result += parameter;
    } else if (is_credential_name(parameter.substr(0, equals))) {
      // Some servers take a semicolon for a separator, others for part of the value.
      parameter = text.substr(0, text.find_first_of("&#"));
      result += parameter.substr(0, equals + 1);
      if (equals + 1 < parameter.size()) result += k_hidden;
    } else {
      result += parameter.substr(0, equals + 1);
      result += hide_user(parameter.substr(equals + 1));  // It may be a URL itself.
    }
    text.remove_prefix(parameter.size());
  }
  return result;
}

// `at`: of the "@" behind user and password, if there is one.
std::string hide(std::string_view url, std::size_t authority, std::size_t at) {
  std::string result(url.substr(0, authority));
  std::size_t rest = authority;
  if (at != std::string_view::npos && at >= authority) {
    result += k_hidden;
    rest = at;
  }
  const std::size_t parameters = std::min(url.find_first_of("?#", rest), url.size());
  result += url.substr(rest, parameters - rest);
  return result + hide_parameters(url.substr(parameters));
}

}  // namespace

bool is_credential_name(std::string_view name) {
  std::string joined;
  std::string word;
  bool is_telling = false;
  for (char c : percent_decoded(name) + "-") {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_letter_or_digit(c)) {
      joined += c;
      word += c;
      continue;
    }
    is_telling = is_telling || lists(k_telling_words, word);
    word.clear();
  }
  return is_telling || joined == k_telling_name ||
         std::any_of(k_telling_parts.begin(), k_telling_parts.end(),
                     [&](std::string_view part) { return joined.find(part) != std::string::npos; });
}

std::string without_credentials(std::string_view url) {
  const std::size_t authority = authority_of(url);
  const std::size_t end = std::min(url.find_first_of("/?#", authority), url.size());
  const std::size_t at = url.substr(0, end).rfind('@');
  return hide(url, authority, at);
}

std::string without_credentials_if_malformed(std::string_view text) {
  return hide(text, authority_of(text), text.rfind('@'));
}

}  // namespace topicloop
