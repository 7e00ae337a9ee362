// SPDX-License-Identifier: Apache-2.0
// The RPC that hands out disposable tokens.
//
// The caller's key is in the message, not in the metadata. If keys are required it must be a super
// user's; else anybody gets any token. Runs on the event loop's thread.
#pragma once

#include "broker/access.hpp"
#include "broker/control_call.hpp"
#include "wire/tokens.hpp"

#include <string_view>

namespace topicloop::broker {

// A token as `request` wants it. `authority` is the HOST:PORT the client called the token service
// by. It may be valid for as long as the caller likes: the hosted service's limit is one hour.
Result<wire::Token> issue_token(const wire::TokenRequest& request, std::string_view authority,
                                Access& access, SystemTime now);

// `access` must outlive the table.
void add_token_methods(ControlMethods& methods, Access& access);

}  // namespace topicloop::broker
