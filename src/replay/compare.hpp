// SPDX-License-Identifier: Apache-2.0
// Whether an answer is the one that was expected, and where it is not.
//
// Two JSON documents are compared by what they say: layout, the order of members, and 1 against 1.0
// make no difference. Anything else is compared byte for byte, and shown as text where it is text.
// What is shown is bounded, however large and different the bodies are. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace topicloop::replay {

struct Comparison {
  bool equal = true;
  // Each place where they differ: where ("/items/0/price", "line 12", "byte 4096"), then what was
  // expected there in lines that begin with "- ", and what came in lines with "+ ". Control
  // characters are escaped; whoever writes to a terminal sees to the rest.
  std::string diff = {};
};

// Differences at `ignored` places, and below them, are none. Places are as check_place() wants
// them, and mean nothing where not both bodies are JSON.
Comparison compare_bodies(std::string_view expected, std::string_view actual,
                          const std::vector<std::string>& ignored = {});

// Why `text` is not a place in a JSON document, or nothing if it is one: a JSON Pointer (RFC 6901)
// in which `*` stands for any member and any index.
std::string check_place(const std::string& text);

}  // namespace topicloop::replay
