// SPDX-License-Identifier: Apache-2.0
// Reading requests and answering them with cpp-httplib; and what answers of ours look like.
//
// Hides where httplib is lax: bodies in chunks have no limit there, and what is left of a body that
// was not read is taken for the next request. HttpServer is the one to face anybody. Thread-safe.
#pragma once

#include "webhook/request_head.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace httplib {
class ContentReader;
struct Request;
struct Response;
}  // namespace httplib

namespace topicloop::webhook {

// How much of a body that is refused is read and dropped, so that its sender gets to read why.
inline constexpr std::size_t k_drain = 8U << 20U;

RequestHead head_of(const httplib::Request& request);

// How long a body may take to arrive, however steadily it trickles.
inline constexpr std::chrono::milliseconds k_body_patience{10'000};

// Reads the body, at most `max` bytes of it. Otherwise 413, 408 if it takes longer than `patience`,
// or 400 if it is malformed.
std::optional<Refusal> read_body(const httplib::ContentReader& read, std::size_t max,
                                 std::string& body,
                                 std::chrono::milliseconds patience = k_body_patience);

// {"status":"error","reason":"..."}; `reason` must be UTF-8.
std::string refusal_body(const std::string& reason);

// Sends an answer after which the connection is closed: what follows on it may be the rest of a
// body, not a request.
void set_last_answer(httplib::Response& response, int status, const std::string& content_type,
                     const std::string& body);

}  // namespace topicloop::webhook
