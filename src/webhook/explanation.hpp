// SPDX-License-Identifier: Apache-2.0
// Why a signature does not verify, or an event counts as too old: guesses that are tried out.
//
// The usual mistakes are few: a body that was changed on its way, a secret read with its line end,
// another algorithm or another spelling. Each is tried, and said only if the signature matches then
// or cannot be right. Says nothing of a secret. Pure; hides the JSON library and OpenSSL.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::webhook {

// One sentence for each thing that is wrong, or found out; the last resort is that nothing helped.
// `secrets` are those the signature was checked with. Call it for a signature that failed.
std::vector<std::string> explain_signature(std::string_view signature, std::string_view body,
                                           const std::vector<std::string>& secrets);

// The same for an event's publish_timestamp, in milliseconds, that is not within `max_age` of
// `now`.
std::vector<std::string> explain_timestamp(std::int64_t publish_timestamp, SystemTime now,
                                           std::chrono::milliseconds max_age);

}  // namespace topicloop::webhook
