// SPDX-License-Identifier: Apache-2.0
// What an HTTP server of ours decides from a request's line and headers, before it reads the body.
//
// Strict where HTTP servers are often lax: a body has exactly one length, said in exactly one way,
// and is not compressed. Pure.
#pragma once

#include "webhook/http_head.hpp"
#include "webhook/verification.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace topicloop::webhook {

// The headers that matter, each with every value it was sent with.
struct RequestHead {
  std::string method;
  std::string path;
  std::vector<std::string> content_type;
  std::vector<std::string> content_encoding;
  std::vector<std::string> content_length;
  std::vector<std::string> transfer_encoding;
};

RequestHead head_of(const HttpHead& head);

// Nothing if the body has one length. Otherwise 411 without one, 400 if it is ambiguous or
// malformed, 413 if it is above `max_length` bytes.
std::optional<Refusal> check_length(const RequestHead& head, std::size_t max_length);

// Nothing if the body may be read. Otherwise 415 if it is compressed, or as check_length().
std::optional<Refusal> check_body(const RequestHead& head, std::size_t max_length);

// The same for a webhook receiver, and before that 405 unless POST, 404 unless `path`, 415 unless
// application/json (any parameters).
std::optional<Refusal> check_head(const HttpHead& head, const std::string& path,
                                  std::size_t max_length);

}  // namespace topicloop::webhook
