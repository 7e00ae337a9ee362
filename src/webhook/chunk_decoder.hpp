// SPDX-License-Identifier: Apache-2.0
// Puts a body together that is sent in chunks (RFC 9112, 7.1), while they arrive.
//
// Strict: sizes are hexadecimal digits and nothing else, lines end with CR LF. Bounded: by the body
// it makes, and by what senders may put between its parts, which is dropped. Pure.
#pragma once

#include "webhook/verification.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace topicloop::webhook {

class ChunkDecoder {
public:
  // A body of more than `max` bytes is refused.
  explicit ChunkDecoder(std::size_t max) : max_(max) {}

  // Takes what it can from the front of `bytes` and appends what of it is the body's. 400 for what
  // is malformed, 413 for too much: then the decoder is of no use any more.
  std::optional<Refusal> take(std::string_view& bytes, std::string& body);

  // The body has ended; what is left of the bytes is not its.
  bool is_complete() const { return next_ == Next::Nothing; }

private:
  enum class Next { Size, Data, DataEnd, Trailer, Nothing };

  std::optional<Refusal> take_line(std::string_view line);
  std::optional<Refusal> take_size(std::string_view line);

  const std::size_t max_;
  Next next_ = Next::Size;
  std::size_t left_ = 0;      // Of the chunk.
  std::size_t total_ = 0;     // Of the body, with the chunk.
  std::size_t overhead_ = 0;  // Extensions and trailers so far.
};

}  // namespace topicloop::webhook
