// SPDX-License-Identifier: Apache-2.0
// Keys as users have them, bare or in the envelope that SDKs take, read without being shown.
//
// What is inside a key is read only to find the service and to tell an expired key in time; whether
// a key is good is for the service to say. Errors are BadInput, say what is wrong with the key and
// repeat nothing of it. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "cli/service_endpoint.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace topicloop::cli {

enum class KeyKind {
  V1,       // base64 of {"endpoint": HOST, "api_key": KEY}: an API key or a disposable token.
  V2,       // A JSON Web Token of type "g": a global API key. Needs an endpoint.
  Legacy,   // A JSON Web Token that names its hosts.
  Local,    // A JSON Web Token that serve-topics made.
  Session,  // Any other JSON Web Token, as logging in gives them. Needs an endpoint.
  Opaque,   // Anything else. Needs an endpoint.
};

struct Credential {
  KeyKind kind = KeyKind::Opaque;
  std::string api_key;                           // What is sent.
  std::string source;                            // Where it is from: a file, a variable, a flag.
  std::optional<ServiceEndpoint> endpoint = {};  // Of V1.
  std::optional<Hosts> hosts = {};               // Of Legacy.
  std::optional<SystemTime> expires_at = {};     // Nothing: never, or it does not say.
  std::string token_id = {};                     // Or empty.
};

// `source` is for errors, which begin with it.
Result<Credential> parse_credential(std::string_view text, std::string_view source);

// Unauthenticated, with the date, if the key is not good at `now` any more.
Result<void> check_expiry(const Credential& credential, SystemTime now);

// For people: "V1 API key".
std::string_view name_of(KeyKind kind);

// `text` with every word that looks like a key replaced: for what repeats words that people typed.
std::string without_keys(std::string_view text);

// The envelope that SDKs take.
std::string to_credential(std::string_view endpoint, std::string_view api_key);

}  // namespace topicloop::cli
