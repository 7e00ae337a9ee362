// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop;
using namespace std::string_literals;

TEST_CASE("well-formed UTF-8 of every length is accepted") {
  CHECK_FALSE(find_invalid_utf8(""));
  CHECK_FALSE(find_invalid_utf8("plain\0text"s));
  CHECK_FALSE(find_invalid_utf8("\x7F \xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEF\xBF\xBF"));
  CHECK_FALSE(find_invalid_utf8("\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"));
}

TEST_CASE("the first ill-formed UTF-8 byte is found by offset") {
  CHECK(find_invalid_utf8("ab\xFF") == 2U);
  CHECK(find_invalid_utf8("\x80") == 0U);              // A continuation byte alone.
  CHECK(find_invalid_utf8("a\xC0\xAF") == 1U);         // Overlong.
  CHECK(find_invalid_utf8("a\xE0\x80\xAF") == 1U);     // Overlong.
  CHECK(find_invalid_utf8("\xED\xA0\x80") == 0U);      // Surrogate.
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0U);  // Above U+10FFFF.
  CHECK(find_invalid_utf8("ok\xE2\x82") == 2U);        // Cut short.
  CHECK(find_invalid_utf8("\xE2\x82\x41") == 0U);      // Second continuation byte missing.
}

TEST_CASE("hex is lower-case with two digits a byte") {
  CHECK(to_hex("\x00\x0F\xA0\xFF"s) == "000fa0ff");
  CHECK(to_hex("").empty());
}

TEST_CASE("base64 follows the RFC 4648 test vectors in both directions") {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xFB\xFF", "+/8="}};
  for (const auto& [plain, encoded] : vectors) {
    CHECK(to_base64(plain) == encoded);
    CHECK(from_base64(encoded) == plain);
  }
}

TEST_CASE("base64 that is not canonical is refused") {
  CHECK_FALSE(from_base64("Zg"));
  CHECK_FALSE(from_base64("Zg="));
  CHECK_FALSE(from_base64("Zh=="));  // Bits under the padding are set.
  CHECK_FALSE(from_base64("Zg==Zg=="));
  CHECK_FALSE(from_base64("Z-_v"));
  CHECK_FALSE(from_base64("Zm 9"));
}

TEST_CASE("JSON strings are escaped as serde_json does it") {
  std::string out = "x=";
  append_json_string(out, "a\"\\/\b\f\n\r\t\x01\x1F\x7F\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(out == "x=\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST_CASE("blank is empty or white space only") {
  CHECK(is_blank(""));
  CHECK(is_blank(" \t\r\n"));
  CHECK_FALSE(is_blank(" x "));
}

TEST_CASE("trimming takes white space from both ends and leaves the middle") {
  CHECK(trimmed("") == "");
  CHECK(trimmed(" \r\n\t") == "");
  CHECK(trimmed("x") == "x");
  CHECK(trimmed("\n a b\t\r\n") == "a b");
}
