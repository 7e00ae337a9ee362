// SPDX-License-Identifier: Apache-2.0
// The public URL under which a running ngrok agent makes a port of this machine reachable.
//
// Asks the agent's own API, which it serves on this machine. Hides HTTP. Thread-safe.
#pragma once

#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace topicloop::webhook {

inline constexpr const char* k_ngrok_api = "http://127.0.0.1:4040";

// The URL of the https tunnel to `port`, without a slash at the end. Nothing if the agent has none;
// Unavailable if no agent answers at `api`; BadInput if what answers there is no agent.
Result<std::optional<std::string>> find_ngrok_tunnel(const std::string& api, int port);

// The same from what the agent answered to GET /api/tunnels. Pure.
Result<std::optional<std::string>> tunnel_to_port(std::string_view tunnels, int port);

}  // namespace topicloop::webhook
