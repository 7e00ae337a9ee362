// SPDX-License-Identifier: Apache-2.0
// JSON pointers (RFC 6901) that go on into strings which hold JSON, as those of `--redact` do:
// /text/card/number is a member of what the event's `text` says.
//
// Pure. The JSON library stays out of this header; those who include it name JSON as text.
#pragma once

#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::replay {

class Pointer {
public:
  // Usage, naming `text`, if it does not begin with a slash or has a "~" that means nothing.
  static Result<Pointer> parse(std::string_view text);

  // The value there, as JSON; nothing if `json` is none or has nothing there.
  std::optional<std::string> find(std::string_view json) const;
  // `json` with `value`, which is JSON, put there: a member is added where there is none, "-" adds
  // to an array. All else stays in its order. BadInput if there is no such place.
  Result<std::string> set(std::string_view json, std::string_view value) const;

  const std::string& text() const { return text_; }

private:
  std::string text_;
  std::vector<std::string> keys_;
};

}  // namespace topicloop::replay
