// SPDX-License-Identifier: Apache-2.0
#include "webhook/explanation.hpp"

#include "base/text.hpp"
#include "webhook/event.hpp"
#include "webhook/signature.hpp"
#include "webhook/verification.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace topicloop::webhook {

namespace {

using Json = nlohmann::ordered_json;

// Something that may have been meant, and how it differs from what was given.
struct Guess {
  std::string bytes;
  std::string how;
};

struct Algorithm {
  const char* name;  // As OpenSSL calls it.
  const char* text;
};

constexpr std::array<Algorithm, 7> k_others = {{{"SHA256", "HMAC-SHA-256"},
                                                {"SHA512", "HMAC-SHA-512"},
                                                {"SHA1", "HMAC-SHA-1"},
                                                {"SHA384", "HMAC-SHA-384"},
                                                {"SHA3-512", "HMAC-SHA3-512"},
                                                {"SHA3-384", "HMAC-SHA3-384"},
                                                {"SHA3-224", "HMAC-SHA3-224"}}};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex_of(const unsigned char* bytes, std::size_t size) {
  return to_hex({reinterpret_cast<const char*>(bytes), size});
}

// Empty if OpenSSL does not offer the algorithm.
std::string hmac(const char* algorithm, std::string_view key, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  std::size_t size = 0;
  const auto* result =
      EVP_Q_mac(nullptr, "HMAC", nullptr, algorithm, nullptr, key.empty() ? "" : key.data(),
                key.size(), bytes_of(body), body.size(), mac.data(), mac.size(), &size);
  return result == nullptr ? "" : hex_of(mac.data(), size);
}

std::string plain_digest(std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  const int done =
      EVP_Q_digest(nullptr, "SHA3-256", nullptr, body.data(), body.size(), digest.data(), &size);
  return done == 1 ? hex_of(digest.data(), size) : "";
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// The signature in the form it should have, with what had to be done to it in `findings`.
std::string normalised(std::string_view signature, std::vector<std::string>& findings) {
  std::string_view text = trimmed(signature);
  if (text.size() != signature.size()) {
    findings.emplace_back("the signature has white space around it");
  }
  if (const std::size_t equals = text.find('=');
      equals != std::string_view::npos && equals < 16 && is_hex(text.substr(equals + 1))) {
    if (equals + 1 < text.size()) {
      findings.push_back(
          fmt::format("the signature begins with \"{}\": expected are the digits "
                      "alone",
                      text.substr(0, equals + 1)));
      text.remove_prefix(equals + 1);
    }
  }
  if (is_hex(text)) {
    const std::string lower = lower_case(text);
    if (lower != text) findings.emplace_back("the signature is in upper case: expected is lower");
    return lower;
  }
  if (const auto decoded = from_base64(text)) {
    findings.emplace_back("the signature is base64: expected are hexadecimal digits");
    return to_hex(*decoded);
  }
  findings.emplace_back("the signature has characters that are no hexadecimal digits");
  return "";
}

void explain_length(std::size_t digits, std::vector<std::string>& findings) {
  constexpr std::array<std::pair<std::size_t, const char*>, 5> k_lengths = {
      {{32, "MD5"},
       {40, "SHA-1"},
       {56, "SHA-224 or SHA3-224"},
       {96, "SHA-384 or SHA3-384"},
       {128, "SHA-512 or SHA3-512"}}};
  if (digits == 64 || digits == 0) return;
  std::string finding = fmt::format("the signature has {} digits: HMAC-SHA3-256 has 64", digits);
  for (const auto& [length, name] : k_lengths) {
    if (length == digits) finding += fmt::format(", {} this many", name);
  }
  findings.push_back(std::move(finding));
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.empty() || text.size() % 2 != 0 || !is_hex(text)) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  return bytes;
}

std::vector<Guess> secret_guesses(const std::string& secret) {
  std::vector<Guess> guesses{
      {secret, ""},
      {secret + "\n", "the signer's secret ends with a line break (ours does not)"},
      {secret + "\r\n", "the signer's secret ends with CR and LF (ours does not)"}};
  if (const auto inner = trimmed(secret); inner.size() != secret.size()) {
    guesses.push_back({std::string(inner),
                       "our secret has white space around it that the signer's "
                       "has not"});
  }
  if (auto decoded = from_hex(secret)) {
    guesses.push_back({*std::move(decoded),
                       "the signer decoded the secret from hexadecimal: its "
                       "characters themselves are the key"});
  }
  if (auto decoded = from_base64(secret); decoded && !decoded->empty()) {
    guesses.push_back({*std::move(decoded),
                       "the signer decoded the secret from base64: its "
                       "characters themselves are the key"});
  }
  guesses.push_back({"", "the signer's secret is empty"});
  return guesses;
}

void add_line_ends(std::string_view body, std::vector<Guess>& guesses) {
  if (body.ends_with("\r\n")) {
    guesses.push_back({std::string(body.substr(0, body.size() - 2)),
                       "the body ends with CR and LF that were not signed"});
  } else if (body.ends_with('\n')) {
    guesses.push_back({std::string(body.substr(0, body.size() - 1)),
                       "the body ends with a line break that was not signed"});
  } else {
    guesses.push_back(
        {std::string(body) + "\n", "what was signed ends with a line break that the body has not"});
  }
  if (body.starts_with("\xEF\xBB\xBF")) {
    guesses.push_back({std::string(body.substr(3)),
                       "the body begins with a byte order mark that was not signed"});
  }
}

// The same JSON as other programs write it.
void add_serialisations(std::string_view body, std::vector<Guess>& guesses) {
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return;
  const auto replace = Json::error_handler_t::replace;
  const auto add = [&](std::string bytes, const char* as) {
    guesses.push_back(
        {std::move(bytes),
         fmt::format("the body was parsed and written again ({}): verify the bytes as they came",
                     as)});
  };
  add(json.dump(-1, ' ', false, replace), "compact, as JSON.stringify does");
  add(json.dump(2, ' ', false, replace), "indented by 2");
  add(json.dump(4, ' ', false, replace), "indented by 4");
  add(json.dump(-1, ' ', true, replace), "compact, other than ASCII escaped");
  add(nlohmann::json(json).dump(-1, ' ', false, replace), "compact, keys sorted");
  if (const auto event = parse_event(body)) add(to_json(*event), "as the service writes events");
}

std::vector<Guess> body_guesses(std::string_view body) {
  std::vector<Guess> guesses{{std::string(body), ""}};
  add_line_ends(body, guesses);
  add_serialisations(body, guesses);
  return guesses;
}

// What the signature matches with; nothing if no guess is right.
std::optional<std::string> matching_guess(const std::string& signature, std::string_view body,
                                          const std::vector<std::string>& secrets) {
  const auto bodies = body_guesses(body);
  for (const std::string& secret : secrets) {
    for (const Guess& key : secret_guesses(secret)) {
      const Signer signer(key.bytes);
      for (const Guess& guess : bodies) {
        if (signer.sign(guess.bytes) != signature) continue;
        if (key.how.empty() || guess.how.empty()) return key.how + guess.how;
        return key.how + "; and " + guess.how;
      }
    }
    for (const Algorithm& other : k_others) {
      for (const Guess& guess : bodies) {
        if (hmac(other.name, secret, guess.bytes) == signature) {
          return fmt::format("it is an {}: expected is HMAC-SHA3-256", other.text);
        }
      }
    }
  }
  for (const Guess& guess : bodies) {
    if (plain_digest(guess.bytes) == signature)
      return "it is a SHA3-256 without any secret: expected is HMAC-SHA3-256";
  }
  return std::nullopt;
}

std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{:.3f} s", static_cast<double>(milliseconds) / 1'000);
}

}  // namespace

std::vector<std::string> explain_signature(std::string_view signature, std::string_view body,
                                           const std::vector<std::string>& secrets) {
  std::vector<std::string> findings;
  if (trimmed(signature).empty()) {
    findings.emplace_back("there is no signature");
    return findings;
  }
  const std::string digits = normalised(signature, findings);
  explain_length(digits.size(), findings);
  const auto match = digits.empty() ? std::nullopt : matching_guess(digits, body, secrets);
  if (match && match->empty()) {
    findings.emplace_back("apart from that it matches");
  } else if (match) {
    findings.push_back(*match);
  } else if (secrets.empty()) {
    findings.emplace_back("there is no secret to compare it with");
  } else {
    findings.push_back(fmt::format("this body of {} bytes, signed with {}, has another signature",
                                   body.size(),
                                   secrets.size() == 1 ? "this secret" : "any of these secrets"));
    findings.emplace_back(
        "no usual mistake explains it: the secret is another one, or the body was changed");
  }
  return findings;
}

std::vector<std::string> explain_timestamp(std::int64_t publish_timestamp, SystemTime now,
                                           std::chrono::milliseconds max_age) {
  // Of 1973 in milliseconds, and of the year 5138 in seconds.
  constexpr std::int64_t k_least_milliseconds = 100'000'000'000;
  std::vector<std::string> findings;
  if (publish_timestamp < k_least_milliseconds) {
    findings.emplace_back("publish_timestamp seems to be in seconds: expected are milliseconds");
    return findings;
  }
  const std::int64_t age = to_epoch_ms(now) - publish_timestamp;
  const std::int64_t limit = max_age.count();
  if (age > limit) {
    findings.push_back(fmt::format("the event was fired {} ago: {} too old for {}", seconds(age),
                                   seconds(age - limit), seconds(limit)));
  } else if (-age > limit) {
    findings.push_back(fmt::format(
        "the event was fired {} from now, by its sender's clock: one of the clocks is wrong",
        seconds(-age)));
  }
  return findings;
}

}  // namespace topicloop::webhook
