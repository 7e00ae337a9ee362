// SPDX-License-Identifier: Apache-2.0
// Where in JSON a secret is, and how it is left out: a JSON pointer (RFC 6901).
//
// Goes on into strings that hold JSON, and fails closed: where the pointer cannot be followed, what
// it got stuck at is left out whole. The rest keeps its order, its numbers their digits. Needs no
// stack and converts no number, so neither depth nor size is a way out. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::capture {

inline constexpr const char* k_redacted = "[redacted]";

class SecretPointer {
public:
  // Nothing if `text` is no pointer, or one to all of a text.
  static std::optional<SecretPointer> parse(std::string_view text);

  // Pointers to what was left out of `text`: this one, one that it begins with if it could not be
  // followed any further, or "" if all of `text` had to go. None: there was nothing to leave out,
  // and `text` is as it was.
  std::vector<std::string> leave_out(std::string& text) const;

private:
  class Rewriter;

  explicit SecretPointer(std::vector<std::string> keys) : keys_(std::move(keys)) {}

  // Of the first `count` keys.
  std::string pointer_of(std::size_t count) const;

  std::vector<std::string> keys_;
};

}  // namespace topicloop::capture
