// SPDX-License-Identifier: Apache-2.0
#include "broker/key.hpp"

#include "base/base64url.hpp"
#include "base/text.hpp"
#include "webhook/signature.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace topicloop::broker {

namespace {

using Json = nlohmann::json;
using model::NameSelector;
using model::TopicRole;

// Far more than any key of ours; whatever is longer is not worth an HMAC.
constexpr std::size_t k_longest_key = 64U << 10U;
// In the year 2255: what a SystemTime of nanoseconds can still hold.
constexpr std::int64_t k_latest_second = 9'000'000'000;

constexpr std::array<std::pair<TopicRole, const char*>, 4> k_roles = {
    {{TopicRole::None, "none"},
     {TopicRole::ReadWrite, "readwrite"},
     {TopicRole::ReadOnly, "read"},
     {TopicRole::WriteOnly, "write"}}};
constexpr std::array<std::pair<NameSelector::Kind, const char*>, 3> k_selectors = {
    {{NameSelector::Kind::All, "all"},
     {NameSelector::Kind::Exact, "exact"},
     {NameSelector::Kind::Prefix, "prefix"}}};

template <typename Table, typename Value>
const char* name_in(const Table& table, Value value) {
  const auto* const found = std::find_if(table.begin(), table.end(),
                                         [&](const auto& entry) { return entry.first == value; });
  return found->second;
}

Error unauthenticated(std::string text) {
  return {ErrorKind::Unauthenticated, std::move(text), ""};
}

std::string signature_of(std::string_view text, std::string_view secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(),
           digest.data(), &size) == nullptr) {
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
  }
  return to_base64url({reinterpret_cast<const char*>(digest.data()), size});
}

Json to_json(const NameSelector& selector) {
  const char* kind = name_in(k_selectors, selector.kind);
  if (selector.kind == NameSelector::Kind::All) return {{kind, true}};
  return {{kind, selector.name}};
}

Json to_json(const model::Permissions& permissions) {
  if (permissions.super_user) return "super_user";
  Json list = Json::array();
  for (const auto& permission : permissions.topics) {
    list.push_back({{"role", name_in(k_roles, permission.role)},
                    {"cache", to_json(permission.cache)},
                    {"topic", to_json(permission.topic)}});
  }
  return list;
}

std::int64_t to_seconds(SystemTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

// Reading fails closed: a claim of another shape than ours makes the whole key unreadable, as it
// may restrict what an older version of this program would then allow.
class ClaimsReader {
public:
  std::optional<Claims> read(const Json& json) {
    Claims claims;
    if (!json.is_object()) return std::nullopt;
    for (const auto& [name, value] : json.items())
      read_claim(claims, name, value);
    if (!good_ || !json.contains("permissions")) return std::nullopt;
    return claims;
  }

private:
  void read_claim(Claims& claims, const std::string& name, const Json& value) {
    if (name == "iat") {
      claims.issued_at = time(value);
    } else if (name == "exp") {
      claims.expires_at = time(value);
    } else if (name == "token_id") {
      claims.token_id = string(value);
    } else if (name == "permissions") {
      claims.permissions = permissions(value);
    } else {
      good_ = false;
    }
  }

  model::Permissions permissions(const Json& json) {
    model::Permissions read;
    if (json == "super_user") {
      read.super_user = true;
      return read;
    }
    good_ = good_ && json.is_array();
    for (std::size_t i = 0; good_ && i < json.size(); ++i)
      read.topics.push_back(permission(json[i]));
    return read;
  }

  model::TopicPermission permission(const Json& json) {
    good_ = good_ && json.is_object() && json.size() == 3 && json.contains("role") &&
            json.contains("cache") && json.contains("topic");
    if (!good_) return {};
    return {value_in(k_roles, string(json["role"])), selector(json["cache"]),
            selector(json["topic"])};
  }

  NameSelector selector(const Json& json) {
    good_ = good_ && json.is_object() && json.size() == 1;
    if (!good_) return {};
    const auto kind = value_in(k_selectors, json.begin().key());
    if (kind == NameSelector::Kind::All) return {};
    return {kind, string(json.begin().value())};
  }

  template <typename Value, std::size_t size>
  Value value_in(const std::array<std::pair<Value, const char*>, size>& table,
                 std::string_view name) {
    const auto* const found = std::find_if(table.begin(), table.end(),
                                           [&](const auto& entry) { return name == entry.second; });
    good_ = good_ && found != table.end();
    return good_ ? found->first : Value{};
  }

  std::string string(const Json& json) {
    good_ = good_ && json.is_string();
    return good_ ? json.get<std::string>() : std::string();
  }

  SystemTime time(const Json& json) {
    const auto seconds = json.is_number_integer() ? json.get<std::int64_t>() : -1;
    good_ = good_ && seconds >= 0 && seconds <= k_latest_second;
    return good_ ? SystemTime(std::chrono::seconds(seconds)) : SystemTime();
  }

  bool good_ = true;
};

// A part of a key whose signature was right. Discarded if it is not JSON.
Json json_in(std::string_view part) {
  const auto text = from_base64url(part);
  return Json::parse(text.value_or(""), nullptr, false);
}

// The key with its envelope, as users get it: they forgot to take it out.
bool is_whole_credential(std::string_view key) {
  const auto text = from_base64(key);
  return text && text->starts_with('{');
}

}  // namespace

Result<void> check_token_id(std::string_view token_id) {
  constexpr std::ptrdiff_t k_longest = 64;
  const auto characters = std::count_if(token_id.begin(), token_id.end(), [](char c) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    return !continues;
  });
  if (characters <= k_longest && !find_invalid_utf8(token_id)) return {};
  return Error{ErrorKind::InvalidArgument,
               fmt::format("a token id is UTF-8 of at most {} characters", k_longest), ""};
}

std::string sign_key(const Claims& claims, std::string_view secret) {
  Json payload{{"iat", to_seconds(claims.issued_at)},
               {"token_id", claims.token_id},
               {"permissions", to_json(claims.permissions)}};
  if (claims.expires_at) payload["exp"] = to_seconds(*claims.expires_at);
  const std::string text =
      to_base64url(R"({"alg":"HS256","typ":"JWT"})") + '.' + to_base64url(payload.dump());
  return text + '.' + signature_of(text, secret);
}

Result<Claims> verify_key(std::string_view key, std::string_view secret, SystemTime now) {
  if (key.empty()) return unauthenticated("no API key was sent, and this service requires one");
  const std::size_t first = key.find('.');
  const std::size_t last = key.rfind('.');
  if (key.size() > k_longest_key || first == last || key.find('.', first + 1) != last) {
    if (is_whole_credential(key)) {
      return unauthenticated(
          "the API key is a whole credential: send only the api_key inside its base64");
    }
    return unauthenticated("the API key is malformed: it is not a key of this service");
  }
  const std::string_view text = key.substr(0, last);
  if (!webhook::signature_matches(signature_of(text, secret), key.substr(last + 1))) {
    return unauthenticated("the API key was not issued by this service");
  }

  const Json header = json_in(text.substr(0, first));
  if (!header.is_object() || header.value("alg", Json()) != "HS256") {
    return unauthenticated("the API key is not signed with HS256");
  }
  auto claims = ClaimsReader().read(json_in(text.substr(first + 1)));
  if (!claims) return unauthenticated("the API key's claims cannot be read");
  if (auto good = check_expiry(*claims, now); !good) return std::move(good).error();
  return *std::move(claims);
}

Result<void> check_expiry(const Claims& claims, SystemTime now) {
  if (!claims.expires_at || now < *claims.expires_at) return {};
  return unauthenticated(fmt::format("the API key expired at {}", to_rfc3339(*claims.expires_at)));
}

}  // namespace topicloop::broker
