// SPDX-License-Identifier: Apache-2.0
// Which events are meant: `topic == "topic 1" && sequence_number >= 3`.
//
// Comparisons (==, !=, <, <=, >, >=, contains, starts_with) of a field with a string, a number,
// true, false or null, joined by &&, || and !, with parentheses. A field is one of those listed in
// docs/replay.md, header.NAME, or a JSON pointer into the body or payload. A field that an event
// does not have is like nothing: only != holds for it. Pure; may be used by several threads.
#pragma once

#include "base/error.hpp"
#include "replay/event.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::replay {

class Selection {
public:
  // Every event.
  Selection();
  // Usage that says at which column of `text` what is wrong.
  static Result<Selection> parse(std::string_view text);
  Selection(Selection&&) noexcept;
  Selection& operator=(Selection&&) noexcept;
  ~Selection();

  bool matches(const Event& event) const;

  struct Node;

private:
  explicit Selection(std::unique_ptr<const Node> root);
  std::unique_ptr<const Node> root_;  // Null: every event.
};

}  // namespace topicloop::replay
