// SPDX-License-Identifier: Apache-2.0
// JSON pointers (RFC 6901) and the keys they are made of. Pure; knows nothing of JSON itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop {

// The names and indexes from the root down.
using JsonPath = std::vector<std::string>;

// The keys of "/card/a~1b": "card", "a/b"; of "", which is all of a document, none. Nothing if
// `text` is no pointer: it begins otherwise, or has a "~" that stands for nothing.
std::optional<JsonPath> parse_json_pointer(std::string_view text);

// And back.
std::string to_json_pointer(const JsonPath& path);

}  // namespace topicloop
