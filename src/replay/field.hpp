// SPDX-License-Identifier: Apache-2.0
// What a selection can ask of an event: its fields by name, each with its type.
//
// Pure.
#pragma once

#include "base/error.hpp"
#include "replay/event.hpp"
#include "replay/pointer.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace topicloop::replay {

// `long double`, as it holds every sequence number. Null: there is no such thing in the event, or
// JSON's null.
using FieldValue = std::variant<std::nullptr_t, bool, long double, std::string>;

enum class FieldType { Text, Number, Any };

class Field {
public:
  // Usage, listing the fields there are, for a name that is none of them.
  static Result<Field> named(std::string_view name);

  FieldType type() const { return type_; }
  FieldValue of(const Event& event) const;

private:
  using Read = FieldValue (*)(const Event&);
  struct Known {
    std::string_view name;
    FieldType type;
    Read read;
  };
  static const std::vector<Known>& known();

  FieldType type_ = FieldType::Any;
  Read read_ = nullptr;
  std::string header_;              // Not empty: this header of the request.
  std::optional<Pointer> pointer_;  // This place in the body or payload.
};

}  // namespace topicloop::replay
