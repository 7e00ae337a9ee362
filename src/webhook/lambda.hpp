// SPDX-License-Identifier: Apache-2.0
// A webhook request as AWS hands it to a Lambda function behind an API Gateway, for the runtime
// interface emulator that the Lambda container images bring along.
//
// The event is API Gateway's REST proxy event (payload format 1.0); the answer is judged as API
// Gateway judges it. Pure; hides the JSON library.
#pragma once

#include "base/clock.hpp"
#include "webhook/delivery.hpp"
#include "webhook/request.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace topicloop::webhook {

// More than a function's answer may have: 6 MB.
inline constexpr std::size_t k_largest_lambda_answer = (6U << 20U) + (64U << 10U);

// Where the emulator takes invocations: `url` if it has a path, else with the path that is the same
// for every function.
std::string invocation_url(std::string_view url);

// The invocation, at the emulator at `url`, that hands over `request` fired at `fired_at`. Its body
// must be UTF-8.
SignedRequest to_invocation(const SignedRequest& request, const std::string& url,
                            SystemTime fired_at);

// Makes the emulator's answer the function's: its statusCode and Retry-After; 502 if it failed or
// answered anything else, with an error that says so; 429 if the emulator, which runs one
// invocation at a time, was busy with another one. After an attempt that took longer than `timeout`
// the function is still running, so the next one is not to begin before that time again.
void judge_invocation(DeliveryOutcome& outcome, std::chrono::milliseconds timeout);

}  // namespace topicloop::webhook
