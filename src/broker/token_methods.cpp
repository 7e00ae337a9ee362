// SPDX-License-Identifier: Apache-2.0
#include "broker/token_methods.hpp"

#include "wire/methods.hpp"

#include <utility>

namespace topicloop::broker {

namespace {

Result<void> check(const wire::TokenRequest& request) {
  const auto invalid = [](std::string text) {
    return Error{ErrorKind::InvalidArgument, std::move(text), ""};
  };
  if (request.valid_for_seconds == 0) return invalid("a token must be valid for a second at least");
  if (!request.permissions) return invalid("a token needs permissions");
  return check_token_id(request.token_id);
}

// Clients put "cache.", "control." and "token." before the endpoint of a token.
std::string_view base_of(std::string_view authority) {
  constexpr std::string_view k_prefix = "token.";
  if (authority.starts_with(k_prefix)) authority.remove_prefix(k_prefix.size());
  return authority;
}

}  // namespace

Result<wire::Token> issue_token(const wire::TokenRequest& request, std::string_view authority,
                                Access& access, SystemTime now) {
  auto caller = access.identify(request.auth_token, now);
  if (!caller) return std::move(caller).error();
  if (auto may = caller->may_administer(); !may) return std::move(may).error();
  if (auto checked = check(request); !checked) return std::move(checked).error();

  const auto issued = std::chrono::floor<std::chrono::seconds>(now);
  const auto expires = issued + std::chrono::seconds(request.valid_for_seconds);
  const Claims claims{.permissions = *request.permissions,
                      .token_id = request.token_id,
                      .issued_at = issued,
                      .expires_at = expires};
  return wire::Token{.api_key = access.issue(claims),
                     .endpoint = std::string(base_of(authority)),
                     .valid_until = static_cast<std::uint64_t>(expires.time_since_epoch().count())};
}

void add_token_methods(ControlMethods& methods, Access& access) {
  const auto answer = [&access](const ControlRequest& call) -> Result<std::string> {
    auto request = wire::parse_token_request(call.bytes);
    if (!request) return std::move(request).error();
    auto token = issue_token(*request, call.authority, access, std::chrono::system_clock::now());
    if (!token) return std::move(token).error();
    return wire::serialize(*token);
  };
  methods.emplace(wire::k_generate_disposable_token,
                  ControlMethod{.who = ControlMethod::Who::Anybody, .answer = answer});
}

}  // namespace topicloop::broker
