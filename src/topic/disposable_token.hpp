// SPDX-License-Identifier: Apache-2.0
// Keys made for somebody else: what is asked for, and what comes back.
//
// Plain values.
#pragma once

#include "base/clock.hpp"
#include "model/permissions.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace topicloop::topic {

struct DisposableTokenRequest {
  model::Permissions permissions;
  std::string token_id = {};  // At most 64 characters; subscribers see it as the publisher's id.
  std::chrono::duration<std::uint32_t> valid_for{3'600};
};

struct DisposableToken {
  std::string api_key;
  std::string endpoint;  // What clients put "cache.", "control." and "token." before.
  SystemTime expires_at;
};

}  // namespace topicloop::topic
