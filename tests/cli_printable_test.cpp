// SPDX-License-Identifier: Apache-2.0
#include "cli/printable.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace topicloop::cli;

TEST_CASE("characters that turn, join or hide what is around them are escaped") {
  CHECK(printable("a\u202Eb\u2066c\u200Bd\uFEFFe\u2028f") ==
        "a\\u202eb\\u2066c\\u200bd\\ufeffe\\u2028f");
  CHECK(printable("\u00AD") == "\\xc2\\xad");
  CHECK(printable("\U000E0041") == "\\U000e0041");
}

TEST_CASE("characters of every length that show something are kept") {
  const std::string text = "a ß ä\u00A0 € 漢 \u0600 😀 \\x1b";
  CHECK(printable(text) == text);
  CHECK(marked_printable(text) == text);
  CHECK(printable_json(text) == text);
}

TEST_CASE("a marked escape can be told from a text that looks like one") {
  CHECK(marked_printable("\\x1b") == "\\x1b");
  CHECK(marked_printable("\x1B") == "\x1B[7m\\x1b\x1B[27m");
}

TEST_CASE("JSON keeps its meaning without such characters") {
  const std::string text = "a\u202Eb\U000E0041\x7F\u0085";
  const std::string json = nlohmann::json(text).dump();
  const std::string shown = printable_json(json);
  CHECK(shown == "\"a\\u202eb\\udb40\\udc41\\u007f\\u0085\"");
  CHECK(nlohmann::json::parse(shown) == text);
}
