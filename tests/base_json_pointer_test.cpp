// SPDX-License-Identifier: Apache-2.0
#include "base/json_pointer.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;

TEST_CASE("a JSON pointer is its keys, and back") {
  for (const auto& [text, keys] :
       std::vector<std::pair<std::string, JsonPath>>{{"", {}},
                                                     {"/", {""}},
                                                     {"/card/0", {"card", "0"}},
                                                     {"/a~1b/m~0n/~01", {"a/b", "m~n", "~1"}},
                                                     {"//x/", {"", "x", ""}}}) {
    INFO(text);
    CHECK(parse_json_pointer(text) == keys);
    CHECK(to_json_pointer(keys) == text);
  }
}

TEST_CASE("what is no JSON pointer has no keys") {
  for (const char* text : {"card", "card/x", "/~", "/a~2", "/a~/b"}) {
    INFO(text);
    CHECK_FALSE(parse_json_pointer(text));
  }
}
