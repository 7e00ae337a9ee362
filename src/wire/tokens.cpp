// SPDX-License-Identifier: Apache-2.0
#include "wire/tokens.hpp"

#include "token.pb.h"
#include "wire/parse.hpp"

#include <utility>

namespace topicloop::wire {
namespace {

namespace proto = ::permission_messages;
using model::NameSelector;
using model::TopicRole;
using TopicPermissions = proto::PermissionsType_TopicPermissions;

proto::TopicRole write_role(TopicRole role) {
  switch (role) {
    case TopicRole::None:
      break;
    case TopicRole::ReadWrite:
      return proto::TopicReadWrite;
    case TopicRole::ReadOnly:
      return proto::TopicReadOnly;
    case TopicRole::WriteOnly:
      return proto::TopicWriteOnly;
  }
  return proto::TopicPermitNone;
}

TopicRole read_role(proto::TopicRole role) {
  switch (role) {
    case proto::TopicReadWrite:
      return TopicRole::ReadWrite;
    case proto::TopicReadOnly:
      return TopicRole::ReadOnly;
    case proto::TopicWriteOnly:
      return TopicRole::WriteOnly;
    default:
      return TopicRole::None;
  }
}

void write_permission(TopicPermissions& out, const model::TopicPermission& permission) {
  out.set_role(write_role(permission.role));
  if (permission.cache.kind == NameSelector::Kind::All) {
    out.mutable_all_caches();
  } else {
    out.mutable_cache_selector()->set_cache_name(permission.cache.name);
  }
  switch (permission.topic.kind) {
    case NameSelector::Kind::All:
      out.mutable_all_topics();
      break;
    case NameSelector::Kind::Exact:
      out.mutable_topic_selector()->set_topic_name(permission.topic.name);
      break;
    case NameSelector::Kind::Prefix:
      out.mutable_topic_selector()->set_topic_name_prefix(permission.topic.name);
      break;
  }
}

std::optional<NameSelector> read_cache(const TopicPermissions& permission) {
  if (permission.has_all_caches()) return NameSelector{};
  if (!permission.cache_selector().has_cache_name()) return std::nullopt;
  return NameSelector{NameSelector::Kind::Exact, permission.cache_selector().cache_name()};
}

std::optional<NameSelector> read_topic(const TopicPermissions& permission) {
  if (permission.has_all_topics()) return NameSelector{};
  const auto& selector = permission.topic_selector();
  if (selector.has_topic_name()) {
    return NameSelector{NameSelector::Kind::Exact, selector.topic_name()};
  }
  if (selector.has_topic_name_prefix()) {
    return NameSelector{NameSelector::Kind::Prefix, selector.topic_name_prefix()};
  }
  return std::nullopt;
}

Result<model::Permissions> read_permissions(const proto::Permissions& permissions) {
  model::Permissions read;
  if (permissions.has_super_user()) {
    // Of a value that is not known it is not known either how much it allows.
    if (permissions.super_user() != proto::SuperUser) {
      return Error{ErrorKind::InvalidArgument, "super_user permissions of an unknown kind", ""};
    }
    read.super_user = true;
    return read;
  }
  for (const auto& permission : permissions.explicit_().permissions()) {
    if (!permission.has_topic_permissions()) continue;
    auto cache = read_cache(permission.topic_permissions());
    auto topic = read_topic(permission.topic_permissions());
    if (!cache || !topic) {
      return Error{ErrorKind::InvalidArgument,
                   "a topic permission must say which caches and which topics", ""};
    }
    const TopicRole role = read_role(permission.topic_permissions().role());
    if (role == TopicRole::None) continue;
    read.topics.push_back({role, *std::move(cache), *std::move(topic)});
  }
  return read;
}

}  // namespace

std::string serialize(const TokenRequest& request) {
  token::_GenerateDisposableTokenRequest message;
  message.mutable_expires()->set_valid_for_seconds(request.valid_for_seconds);
  message.set_auth_token(request.auth_token);
  message.set_token_id(request.token_id);
  if (request.permissions && request.permissions->super_user) {
    message.mutable_permissions()->set_super_user(proto::SuperUser);
  } else if (request.permissions) {
    auto& list = *message.mutable_permissions()->mutable_explicit_();
    for (const auto& permission : request.permissions->topics)
      write_permission(*list.add_permissions()->mutable_topic_permissions(), permission);
  }
  return message.SerializeAsString();
}

Result<TokenRequest> parse_token_request(std::string_view bytes) {
  token::_GenerateDisposableTokenRequest message;
  auto parsed =
      parse_into(message, bytes, ErrorKind::InvalidArgument, "_GenerateDisposableTokenRequest");
  if (!parsed) return std::move(parsed).error();
  TokenRequest request{.valid_for_seconds = message.expires().valid_for_seconds(),
                       .auth_token = message.auth_token(),
                       .permissions = std::nullopt,
                       .token_id = message.token_id()};
  if (message.permissions().kind_case() != proto::Permissions::KIND_NOT_SET) {
    auto permissions = read_permissions(message.permissions());
    if (!permissions) return std::move(permissions).error();
    request.permissions = *std::move(permissions);
  }
  return request;
}

std::string serialize(const Token& token) {
  token::_GenerateDisposableTokenResponse message;
  message.set_api_key(token.api_key);
  message.set_endpoint(token.endpoint);
  message.set_valid_until(token.valid_until);
  return message.SerializeAsString();
}

Result<Token> parse_token_response(std::string_view bytes) {
  token::_GenerateDisposableTokenResponse message;
  auto parsed =
      parse_into(message, bytes, ErrorKind::ServiceFailed, "_GenerateDisposableTokenResponse");
  if (!parsed) return std::move(parsed).error();
  return Token{.api_key = message.api_key(),
               .endpoint = message.endpoint(),
               .valid_until = message.valid_until()};
}

}  // namespace topicloop::wire
