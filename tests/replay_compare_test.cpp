// SPDX-License-Identifier: Apache-2.0
#include "replay/compare.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace topicloop::replay;

namespace {

using Places = std::vector<std::string>;

std::string diff(std::string_view expected, std::string_view actual, const Places& ignored = {}) {
  const Comparison comparison = compare_bodies(expected, actual, ignored);
  CHECK(comparison.equal == comparison.diff.empty());
  return comparison.diff;
}

auto lines_in(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n') + 1;
}

}  // namespace

TEST_CASE("bodies that are the same byte for byte are equal") {
  CHECK(diff("", "").empty());
  CHECK(diff("not json {", "not json {").empty());
  CHECK(diff(std::string("\0\xff", 2), std::string("\0\xff", 2)).empty());
}

TEST_CASE("JSON is compared by what it says and not by how it is laid out") {
  CHECK(diff(R"({"a":1,"b":[true,null]})", "{ \"b\": [true, null],\n  \"a\": 1.0 }\n").empty());
  CHECK(diff(R"("stra\u00dfe")", R"("straße")").empty());
}

TEST_CASE("each place where JSON differs is named with what was expected and what came") {
  CHECK(diff(R"({"items":[{"price":12,"name":"x"}],"a/b~":1})",
             R"({"items":[{"price":13,"name":"x"}],"a/b~":null})") ==
        "/a~1b~0\n- 1\n+ null\n"
        "/items/0/price\n- 12\n+ 13");
}

TEST_CASE("what is missing shows what was expected only, and what is new what came only") {
  CHECK(diff(R"({"gone":"x","same":[1,2]})", R"({"same":[1],"new":{"a":[]}})") ==
        "/gone\n- \"x\"\n"
        "/same/1\n- 2\n"
        "/new\n+ {\"a\":[]}");
}

TEST_CASE("a value of another kind is a difference, at the top as well") {
  CHECK(diff("1", R"("1")") == "the whole body\n- 1\n+ \"1\"");
  CHECK(diff(R"({"a":{}})", R"({"a":[]})") == "/a\n- {}\n+ []");
  CHECK(diff("[0]", "[false]") == "/0\n- 0\n+ false");
}

TEST_CASE("numbers are compared exactly where they are whole") {
  CHECK(diff("9007199254740993", "9007199254740992") ==
        "the whole body\n- 9007199254740993\n+ 9007199254740992");
}

TEST_CASE("what is ignored may differ, be missing or be new, with all that is below it") {
  const std::string expected = R"({"id":"a","meta":{"at":1,"by":"me"},"n":1})";
  CHECK(diff(expected, R"({"id":"b","meta":7,"n":1})", {"/id", "/meta"}).empty());
  CHECK(diff(expected, R"({"n":1})", {"/id", "/meta"}).empty());
  CHECK(diff(R"({"n":1})", expected, {"/id", "/meta"}).empty());
  CHECK(diff(expected, R"({"id":"b","meta":{"at":2,"by":"you"},"n":1})", {"/id", "/meta/at"}) ==
        "/meta/by\n- \"me\"\n+ \"you\"");
  CHECK(diff(expected, R"({"id":"a","meta":{"at":1,"by":"me"},"n":2})", {"/id", "/meta"}) ==
        "/n\n- 1\n+ 2");
}

TEST_CASE("a star in a place is any index and any member, and no more than one step") {
  const std::string expected = R"([{"id":1,"x":{"id":1}},{"id":2,"x":{"id":1}}])";
  const std::string actual = R"([{"id":8,"x":{"id":1}},{"id":9,"x":{"id":3}}])";
  CHECK(diff(expected, actual, {"/*/id"}) == "/1/x/id\n- 1\n+ 3");
  CHECK(diff(expected, actual, {"/*/id", "/*/*/id"}).empty());
}

TEST_CASE("places are JSON Pointers, with their escapes") {
  CHECK(check_place("/a/0/*").empty());
  CHECK(check_place("/").empty());
  CHECK(diff(R"({"a/b":1,"m~n":1,"":1})", "{}", {"/a~1b", "/m~0n", "/"}).empty());
  CHECK(check_place("a") == "\"a\" is not a JSON pointer: expected something like /items/0/price");
  CHECK_FALSE(check_place("").empty());
  CHECK_FALSE(check_place("/a~").empty());
  CHECK_FALSE(check_place("/a~2b").empty());
}

TEST_CASE("of two long strings the part is shown where they differ") {
  const std::string same(5'000, 'x');
  const std::string text =
      diff("{\"a\":\"" + same + "1" + same + "\"}", "{\"a\":\"" + same + "2" + same + "\"}");
  CHECK(text.size() < 600);
  CHECK(text.find("x1x") != std::string::npos);
  CHECK(text.find("x2x") != std::string::npos);
  CHECK(text.find("- …x") != std::string::npos);
}

TEST_CASE("a long text is cut between characters") {
  std::string long_text;
  for (int i = 0; i < 200; ++i)
    long_text += "äö€";
  const std::string text = diff("1", "\"" + long_text + "\"") + diff("x", long_text);
  CHECK(text.find("\\x") == std::string::npos);
}

TEST_CASE("however much differs, what is shown is bounded and the rest is counted") {
  std::string expected = "[0";
  std::string actual = "[1";
  for (int i = 1; i < 10'000; ++i) {
    expected += ",0";
    actual += ",1";
  }
  const std::string json = diff(expected + "]", actual + "]");
  CHECK(json.ends_with("... and 9980 more differences"));
  CHECK(lines_in(json) == 61);

  std::string lines;
  for (int i = 0; i < 10'000; ++i)
    lines += "line\n";
  const std::string text = diff(lines, "other\n");
  CHECK(text.size() < 1'000);
  CHECK(text.ends_with("... and more"));
}

TEST_CASE("JSON nested too deeply to walk is compared as text") {
  const std::string deep(100'000, '[');
  const std::string closed(100'000, ']');
  CHECK(diff(deep + "1" + closed, deep + "2" + closed).starts_with("line 1\n- "));
}

TEST_CASE("text is compared line by line") {
  CHECK(diff("one\ntwo\nthree\nfour\n", "one\n2\nthree\nfour\nfive\n") ==
        "line 2\n- two\n+ 2\n"
        "line 5\n+ five");
  CHECK(diff("b\nc\n", "a\nb\nc\n") == "line 1\n+ a");
  CHECK(diff("a\nb\nc\n", "c\n") == "line 1\n- a\n- b");
  CHECK(diff("ok", "no") == "line 1\n- ok\n+ no");
  CHECK(diff("", "no") == "line 1\n+ no");
  CHECK(diff("ok", "") == "line 1\n- ok");
}

TEST_CASE("a change far down a long text is found exactly") {
  std::string expected;
  for (int i = 1; i <= 5'000; ++i)
    expected += "line " + std::to_string(i) + "\n";
  std::string actual = expected;
  actual.insert(actual.find("line 4000\n"), "new\n");
  CHECK(diff(expected, actual) == "line 4000\n+ new");
  CHECK(diff(actual, expected) == "line 4000\n- new");
}

TEST_CASE("line breaks that differ can be seen") {
  CHECK(diff("a\r\nb\n", "a\nb\n") == "line 1\n- a\\r\n+ a");
  CHECK(diff("a\nb\n", "a\nb") == "line 2\n- b\n+ b (no line break at the end)");
}

TEST_CASE("nothing in a difference can command a terminal") {
  const std::string text = diff("a", "\x1b[2J\tb\x7f");
  CHECK(text == "line 1\n- a\n+ \\x1b[2J\\tb\\x7f");
}

TEST_CASE("one body in JSON and one that is not are compared as text") {
  CHECK(diff(R"({"ok":true})", "<h1>Oops</h1>") == "line 1\n- {\"ok\":true}\n+ <h1>Oops</h1>");
}

TEST_CASE("bytes are shown around the first that differs") {
  std::string expected;
  for (int i = 0; i < 100; ++i)
    expected += static_cast<char>(i);
  std::string actual = expected;
  actual[37] = '\xff';
  CHECK(diff(expected, actual.substr(0, 40)) ==
        "byte 37 (expected 100 bytes, got 40)\n"
        "- 00000020  20 21 22 23 24 25 26 27  28 29 2a 2b 2c 2d 2e 2f  | !\"#$%&'()*+,-./|\n"
        "- 00000030  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  |0123456789:;<=>?|\n"
        "- 00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  |@ABCDEFGHIJKLMNO|\n"
        "+ 00000020  20 21 22 23 24 ff 26 27                           | !\"#$.&'|\n"
        "+ 00000028");
  CHECK(diff(std::string(32, '\0'), std::string(16, '\0')) ==
        "byte 16 (expected 32 bytes, got 16)\n"
        "- 00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
        "- 00000020\n"
        "+ 00000010  (the end)");
}
