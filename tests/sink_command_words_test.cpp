// SPDX-License-Identifier: Apache-2.0
#include "sink/command_words.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>

using namespace topicloop;
using namespace std::string_literals;
using sink::split_words;
using Words = std::vector<std::string>;

TEST_CASE("a command is split into words as a shell would split it") {
  const std::vector<std::pair<std::string, Words>> k_commands = {
      {"cat", {"cat"}},
      {"  tr\ta-z  A-Z\n", {"tr", "a-z", "A-Z"}},
      {"jq '.a | .b'", {"jq", ".a | .b"}},
      {R"(echo "a b" c\ d)", {"echo", "a b", "c d"}},
      {R"(echo "a \"b\" \$c \d")", {"echo", "a \"b\" $c \\d"}},
      {R"(echo 'a\b')", {"echo", "a\\b"}},
      {R"(a''b"c"d)", {"abcd"}},
      {R"(test '' "")", {"test", "", ""}},
      {"ls * ~ ? [a] {b,c} # d", {"ls", "*", "~", "?", "[a]", "{b,c}", "#", "d"}},
      {"sh -c 'cat; echo $TOPICLOOP_TOPIC'", {"sh", "-c", "cat; echo $TOPICLOOP_TOPIC"}},
  };
  for (const auto& [text, words] : k_commands) {
    INFO(text);
    const auto split = split_words(text);
    REQUIRE(split);
    CHECK(*split == words);
  }
}

TEST_CASE("what only a shell understands is refused and the shell is named as the way") {
  for (const std::string command :
       {"a | b", "a > b", "a < b", "a; b", "a & b", "a `b`", "a $(b)", "a $B", "(a)"}) {
    INFO(command);
    const auto split = split_words(command);
    REQUIRE_FALSE(split);
    CHECK(split.error().kind == ErrorKind::Usage);
    CHECK(split.error().help.find("sh -c '") != std::string::npos);
  }
}

TEST_CASE("a command without a program or with an open quote is refused") {
  for (const std::string& command :
       {""s, "  "s, "''"s, "'' a"s, "'a"s, "\"a"s, "\"a\\\""s, "a\\"s, "a\0b"s}) {
    INFO(command);
    const auto split = split_words(command);
    REQUIRE_FALSE(split);
    CHECK(split.error().kind == ErrorKind::Usage);
  }
}
