// SPDX-License-Identifier: Apache-2.0
// The URL alphabet of base64 (RFC 4648), without padding, as JSON Web Tokens have it.
//
// Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace topicloop {

std::string to_base64url(std::string_view bytes);

// Strict: nothing if `text` has another character, padding, or bits that mean nothing.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace topicloop
