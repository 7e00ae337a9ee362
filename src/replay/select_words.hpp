// SPDX-License-Identifier: Apache-2.0
// The words of a selection: names, operators, values and what joins them. Pure.
#pragma once

#include "base/error.hpp"
#include "replay/field.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::replay {

struct Word {
  enum class Kind { Name, Operator, Value, Symbol, End };

  Kind kind = Kind::End;
  std::string text = {};   // As it stands there.
  FieldValue value = {};   // Of a value.
  std::size_t column = 1;  // Where it begins, in characters.

  // As an error names it.
  std::string shown() const;
};

// All of them, and an End. Usage, with its column, for what is no word.
Result<std::vector<Word>> words_of(std::string_view text);

}  // namespace topicloop::replay
