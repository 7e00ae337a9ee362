// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 request's line and headers, byte for byte as they were sent.
//
// Strict where HTTP servers are often lax (RFC 9112), so that no proxy before us can have read the
// request differently: every line ends with CR LF, none is folded, no space stands before a colon,
// there is one Host. What is too long is refused while it arrives. Pure.
#pragma once

#include "model/capture.hpp"
#include "webhook/verification.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::webhook {

inline constexpr std::size_t k_max_line = 8U << 10U;
inline constexpr std::size_t k_max_head = 64U << 10U;  // All lines together.
inline constexpr std::size_t k_max_headers = 100;

struct HttpHead {
  std::string method;
  std::string target;          // As sent, but never with a user or a password in it.
  std::string version;         // "HTTP/1.1" or "HTTP/1.0".
  model::HttpHeaders headers;  // Values without the white space around them.

  // Every value sent under this name, however it is spelled.
  std::vector<std::string> values(std::string_view name) const;
  // Whether a header that is a list, Connection for one, has this word in it.
  bool lists(std::string_view name, std::string_view word) const;

  // The target without host and query: also "http://host/path?query" has a path.
  std::string_view path() const;
  // Whether the path is this one, as it is or percent-encoded.
  bool is_for(std::string_view wanted) const;
  // Whether the connection may be used again, by what the sender says.
  bool keeps_connection() const;
};

bool equal_ignoring_case(std::string_view left, std::string_view right);

// A line that has arrived in full at the beginning of `bytes`, without its CR LF; nothing if its
// end is not there yet. A line that ends with LF alone is an error (400).
struct Line {
  std::string_view text;
  std::size_t size;  // With its end.
  bool is_bare;      // Without CR.
};
std::optional<Line> first_line(std::string_view bytes);

// Takes a head apart line by line while it arrives.
class HeadParser {
public:
  // `bytes` are those since the head began: what was there at the last call and more. True once the
  // head is complete, or is refused, which nothing that follows changes.
  bool advance(std::string_view bytes);

  // When it is complete: how many bytes were the head's.
  std::size_t size() const { return size_; }
  // 400, 414, 417, 431 or 505. The head then has what was read before.
  const std::optional<Refusal>& refusal() const { return refusal_; }
  HttpHead& head() { return head_; }

private:
  bool refuse(int status, const char* reason);
  bool add(std::string_view line);
  bool add_request_line(std::string_view line);
  bool add_header(std::string_view line);
  bool finish();

  HttpHead head_;
  std::size_t size_ = 0;  // Of the lines taken so far.
  std::optional<Refusal> refusal_;
};

}  // namespace topicloop::webhook
