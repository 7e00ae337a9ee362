// SPDX-License-Identifier: Apache-2.0
#include "cli/credential.hpp"

#include "base/address.hpp"
#include "base/base64url.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace topicloop::cli {

namespace {

using Json = nlohmann::json;

// Of every JSON object in base64, and so of V1 keys and JSON Web Tokens.
constexpr std::string_view k_json_in_base64 = "eyJ";
// In the year 2255: what a SystemTime of nanoseconds can still hold.
constexpr double k_latest_second = 9e9;
// The end of the year 9999, which some keys that never expire have.
constexpr double k_end_of_time = 253'402'300'799;

constexpr std::string_view k_bad_expiry =
    "whose \"exp\" is not a time in seconds since 1970, before the year 10000";

class Reader {
public:
  Reader(std::string_view text, std::string_view source)
      : text_(trimmed(without_mark(text))), source_(source) {}

  Result<Credential> read() const {
    if (text_.empty()) return bad(fmt::format("no API key can be read from {}", source_), "");
    if (auto bare = check_characters(text_); !bare) return std::move(bare).error();
    if (const auto envelope = decoded(); envelope && envelope->starts_with('{')) {
      return read_envelope(*envelope);
    }
    if (is_other_json()) {
      return malformed("is the base64 of JSON that is not an object, as in a V1 API key");
    }
    const auto dots = std::count(text_.begin(), text_.end(), '.');
    if (!text_.starts_with(k_json_in_base64)) return credential(KeyKind::Opaque);
    if (dots == 0) {
      return malformed("begins like a V1 API key and is not whole: its base64 cannot be read");
    }
    if (dots != 2) {
      return malformed(fmt::format(
          "begins like a JSON Web Token and has {} parts between dots instead of 3", dots + 1));
    }
    return read_token();
  }

private:
  // The byte order mark that some editors put before a text.
  static std::string_view without_mark(std::string_view text) {
    constexpr std::string_view k_mark = "\xEF\xBB\xBF";
    if (text.starts_with(k_mark)) text.remove_prefix(k_mark.size());
    return text;
  }

  static Error bad(std::string message, std::string help) {
    return {ErrorKind::BadInput, std::move(message), std::move(help)};
  }
  Error malformed(std::string_view why) const {
    return bad(fmt::format("the key in {} {}", source_, why),
               "copy it again, whole: characters may be missing or too many");
  }

  // What keys have around them when they are copied along with something else.
  Result<void> check_characters(std::string_view key) const {
    if (key.starts_with('{')) {
      return bad(fmt::format("what is in {} is a JSON document", source_),
                 "give only the key that is in it");
    }
    if (key.front() == '"' || key.front() == '\'') {
      return bad(fmt::format("the key in {} has quotes around it", source_),
                 "give it without the quotes");
    }
    if (key.starts_with("Bearer ")) {
      return bad(fmt::format("the key in {} begins with the word Bearer", source_),
                 "give only what follows it");
    }
    const auto* const wrong =
        std::find_if(key.begin(), key.end(), [](char c) { return c <= ' ' || c > '~'; });
    if (wrong == key.end()) return {};
    return malformed(
        fmt::format("contains a space, a line break or another character that no key has "
                    "(character {} of {})",
                    wrong - key.begin() + 1, key.size()));
  }

  // With either alphabet, as SDKs differ, and with or without padding.
  std::optional<std::string> decoded() const {
    if (auto standard = from_base64(text_)) return standard;
    return from_base64url(text_.substr(0, text_.find_last_not_of('=') + 1));
  }

  bool is_other_json() const {
    const auto json = decoded();
    return json && (json->starts_with('[') || json->starts_with('"')) && Json::accept(*json);
  }

  Credential credential(KeyKind kind) const {
    return {.kind = kind, .api_key = std::string(text_), .source = std::string(source_)};
  }

  Result<Credential> read_envelope(const std::string& envelope) const {
    const Json json = Json::parse(envelope, nullptr, false);
    if (!json.is_object()) {
      return malformed("is a V1 API key that is not whole: the JSON in its base64 does not end");
    }
    const std::string key = text_in(json, "api_key");
    if (key.empty()) return malformed("is like a V1 API key and has no api_key in it");
    if (auto bare = check_characters(key); !bare) return std::move(bare).error();
    Credential read = credential(KeyKind::V1);
    read.api_key = key;
    if (json.contains("endpoint")) {
      auto endpoint = parse_service_endpoint(text_in(json, "endpoint"));
      if (!endpoint) return malformed("is a V1 API key whose endpoint is not a host");
      read.endpoint = *std::move(endpoint);
    }
    const Json claims = claims_in(key);
    if (claims.is_object() && !add_claims(read, claims)) {
      return malformed(fmt::format("is a V1 API key with a token in it {}", k_bad_expiry));
    }
    return read;
  }

  Result<Credential> read_token() const {
    const Json claims = claims_in(text_);
    if (!claims.is_object()) {
      return malformed("begins like a JSON Web Token and its claims cannot be read");
    }
    if (text_.ends_with('.')) return malformed("is a JSON Web Token without its signature");
    Credential read = credential(KeyKind::Session);
    if (!add_claims(read, claims)) {
      return malformed(fmt::format("is a JSON Web Token {}", k_bad_expiry));
    }
    if (text_in(claims, "t") == "g") {
      read.kind = KeyKind::V2;
    } else if (claims.contains("c") && claims.contains("cp")) {
      read.kind = KeyKind::Legacy;
      auto hosts = hosts_in(claims);
      if (!hosts) return malformed("is a JSON Web Token whose hosts cannot be read");
      read.hosts = *std::move(hosts);
    } else if (claims.contains("permissions")) {
      read.kind = KeyKind::Local;
    }
    return read;
  }

  // Its hosts are whole: nothing is put before them.
  static std::optional<Hosts> hosts_in(const Json& claims) {
    const auto topics = parse_address(text_in(claims, "c"), 443);
    const auto control = parse_address(text_in(claims, "cp"), 443);
    if (!topics || !control || topics->is_unix() || control->is_unix()) return std::nullopt;
    return Hosts{topics->to_string(), control->to_string(), topics->to_string()};
  }

  // Of a JSON Web Token; discarded if `key` is not one.
  static Json claims_in(std::string_view key) {
    const std::size_t first = key.find('.');
    const std::size_t last = key.rfind('.');
    if (first == last) return Json(Json::value_t::discarded);
    const auto text = from_base64url(key.substr(first + 1, last - first - 1));
    return Json::parse(text.value_or(""), nullptr, false);
  }

  // False if they say a time that is none.
  static bool add_claims(Credential& read, const Json& claims) {
    read.token_id = text_in(claims, "token_id");
    const auto expires = claims.find("exp");
    if (expires == claims.end()) return true;
    if (!expires->is_number()) return false;
    const auto seconds = expires->get<double>();
    if (seconds < 0 || seconds > k_end_of_time) return false;
    // As good as never.
    if (seconds > k_latest_second) return true;
    read.expires_at = SystemTime(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
    return true;
  }

  static std::string text_in(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
  }

  std::string_view text_;
  std::string_view source_;
};

}  // namespace

Result<Credential> parse_credential(std::string_view text, std::string_view source) {
  return Reader(text, source).read();
}

Result<void> check_expiry(const Credential& credential, SystemTime now) {
  if (!credential.expires_at || now < *credential.expires_at) return {};
  return Error{ErrorKind::Unauthenticated,
               fmt::format("the key in {} expired at {}", credential.source,
                           to_rfc3339(*credential.expires_at)),
               fmt::format("get a new one; by this machine's clock it is {} now", to_rfc3339(now))};
}

std::string_view name_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::V1:
      return "V1 API key";
    case KeyKind::V2:
      return "V2 API key";
    case KeyKind::Legacy:
      return "legacy token";
    case KeyKind::Local:
      return "key of a serve-topics";
    case KeyKind::Session:
      return "session token";
    case KeyKind::Opaque:
      break;
  }
  return "opaque key";
}

std::string without_keys(std::string_view text) {
  constexpr std::size_t k_shortest_key = 16;
  constexpr std::string_view k_alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_.=";
  std::string shown;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find(k_json_in_base64), text.size());
    const std::size_t end = std::min(text.find_first_not_of(k_alphabet, begin), text.size());
    shown += text.substr(0, begin);
    shown += end - begin < k_shortest_key ? text.substr(begin, end - begin) : "[a key]";
    text.remove_prefix(end);
  }
  return shown;
}

std::string to_credential(std::string_view endpoint, std::string_view api_key) {
  const nlohmann::ordered_json credential{{"endpoint", endpoint}, {"api_key", api_key}};
  return to_base64(credential.dump());
}

}  // namespace topicloop::cli
