// SPDX-License-Identifier: Apache-2.0
// Disposable tokens on the wire: the request for one, and the token.
//
// Hides the generated protobuf code. Field meanings are in proto/token.proto and
// proto/permissionmessages.proto. Texts given to serialize must be UTF-8. Requests that cannot be
// parsed are InvalidArgument, responses ServiceFailed. Pure functions, thread-safe.
#pragma once

#include "base/error.hpp"
#include "model/permissions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace topicloop::wire {

struct TokenRequest {
  std::uint32_t valid_for_seconds = 0;  // 0: not said.
  std::string auth_token;               // The caller's own key.
  std::optional<model::Permissions> permissions;
  std::string token_id;

  bool operator==(const TokenRequest&) const = default;
};

struct Token {
  std::string api_key;
  std::string endpoint;           // A host without the prefix cache., control. or token.
  std::uint64_t valid_until = 0;  // Seconds since the Unix epoch.

  bool operator==(const Token&) const = default;
};

// Permissions for cache items and functions are left out when read, as nothing here could use them;
// so are kinds of permission and roles that are not known. A topic permission that does not say
// which caches and which topics is InvalidArgument.
std::string serialize(const TokenRequest& request);
Result<TokenRequest> parse_token_request(std::string_view bytes);

std::string serialize(const Token& token);
Result<Token> parse_token_response(std::string_view bytes);

}  // namespace topicloop::wire
