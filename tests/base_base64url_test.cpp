// SPDX-License-Identifier: Apache-2.0
#include "base/base64url.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;

TEST_CASE("base64url has its own two characters and no padding") {
  CHECK(to_base64url("\xFB\xFF") == "-_8");
  CHECK(to_base64url("").empty());
  CHECK(from_base64url("-_8") == "\xFB\xFF");
  CHECK(from_base64url("") == "");
}

TEST_CASE("what is not canonical base64url is refused") {
  for (const char* text : {"+/8", "-_8=", "-_9", "a", "a b", "-_8\n"})
    CHECK_FALSE(from_base64url(text));
}
