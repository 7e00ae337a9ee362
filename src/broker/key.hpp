// SPDX-License-Identifier: Apache-2.0
// The keys the service hands out: signed, self-contained, not stored anywhere.
//
// A key is a JSON Web Token, HS256 only: whoever knows the secret can make keys, and what a key
// allows cannot be changed without it. The claims are "iat", "exp" (left out if the key never
// expires), "token_id" and "permissions". Pure functions, thread-safe.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "model/permissions.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace topicloop::broker {

// Times are whole seconds; smaller parts are cut off.
struct Claims {
  model::Permissions permissions;
  std::string token_id = {};  // A label, see check_token_id(); may be empty.
  SystemTime issued_at = {};
  std::optional<SystemTime> expires_at = {};  // Good until then; nothing: for ever.

  bool operator==(const Claims&) const = default;
};

// InvalidArgument unless it is UTF-8 of at most 64 characters.
Result<void> check_token_id(std::string_view token_id);

// `secret` must not be empty; all texts must be UTF-8.
std::string sign_key(const Claims& claims, std::string_view secret);

// What `key` says, if it was signed with `secret` and is still good; else Unauthenticated, with a
// text that repeats nothing of the key. Nothing in a key is looked at before its signature.
Result<Claims> verify_key(std::string_view key, std::string_view secret, SystemTime now);

// Unauthenticated if the key has expired by `now`.
Result<void> check_expiry(const Claims& claims, SystemTime now);

}  // namespace topicloop::broker
