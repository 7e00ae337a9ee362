// SPDX-License-Identifier: Apache-2.0
#include "webhook/request_head.hpp"

#include "webhook/request.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace topicloop::webhook {

namespace {

bool is_json(std::string_view content_type) {
  std::string_view media_type = content_type.substr(0, content_type.find(';'));
  media_type = media_type.substr(0, media_type.find_last_not_of(" \t") + 1);
  return equal_ignoring_case(media_type, k_content_type);
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, length);
  if (error != std::errc() || rest != end) return std::nullopt;
  return length;
}

}  // namespace

RequestHead head_of(const HttpHead& head) {
  return {head.method,
          std::string(head.path()),
          head.values("Content-Type"),
          head.values("Content-Encoding"),
          head.values("Content-Length"),
          head.values("Transfer-Encoding")};
}

std::optional<Refusal> check_length(const RequestHead& head, std::size_t max_length) {
  const auto& lengths = head.content_length;
  const auto& encodings = head.transfer_encoding;
  if (lengths.empty() && encodings.empty()) return Refusal{411, "the body's length is missing"};
  if (lengths.size() + encodings.size() > 1) return Refusal{400, "the body's length is ambiguous"};
  if (lengths.empty()) {
    if (equal_ignoring_case(encodings.front(), "chunked")) return std::nullopt;
    return Refusal{400, "the transfer encoding is not supported"};
  }
  const auto length = parse_length(lengths.front());
  if (!length) return Refusal{400, "the body's length is not a number"};
  if (*length > max_length) return Refusal{413, "the body is too large"};
  return std::nullopt;
}

std::optional<Refusal> check_body(const RequestHead& head, std::size_t max_length) {
  const bool plain = std::all_of(
      head.content_encoding.begin(), head.content_encoding.end(),
      [](const std::string& encoding) { return equal_ignoring_case(encoding, "identity"); });
  if (!plain) return Refusal{415, "the body must not be compressed"};
  return check_length(head, max_length);
}

std::optional<Refusal> check_head(const HttpHead& head, const std::string& path,
                                  std::size_t max_length) {
  if (head.method != "POST") return Refusal{405, "only POST is accepted"};
  if (!head.is_for(path)) return Refusal{404, "nothing is here"};
  const RequestHead fields = head_of(head);
  if (fields.content_type.size() != 1 || !is_json(fields.content_type.front())) {
    return Refusal{415, "the content type must be application/json"};
  }
  return check_body(fields, max_length);
}

}  // namespace topicloop::webhook
