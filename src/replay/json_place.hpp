// SPDX-License-Identifier: Apache-2.0
// A place in a JSON document: a JSON Pointer (RFC 6901), with `*` for any member and any index.
//
// Pure.
#pragma once

#include "base/error.hpp"
#include "base/json_pointer.hpp"

#include <string_view>
#include <utility>

namespace topicloop::replay {

class JsonPlace {
public:
  // Fails with Usage.
  static Result<JsonPlace> parse(std::string_view text);

  // Whether `path` leads there, or below it.
  bool covers(const JsonPath& path) const;

private:
  explicit JsonPlace(JsonPath tokens) : tokens_(std::move(tokens)) {}

  JsonPath tokens_;
};

}  // namespace topicloop::replay
