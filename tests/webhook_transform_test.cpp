// SPDX-License-Identifier: Apache-2.0
#include "webhook/transform.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using topicloop::webhook::Transform;

TEST_CASE("upper case follows Unicode and not only ASCII") {
  const auto upper = [](const char* text) {
    return topicloop::webhook::apply(Transform::Upper, text);
  };
  CHECK(upper("") == "");
  CHECK(upper("hello, World 1") == "HELLO, WORLD 1");
  CHECK(upper("straße") == "STRASSE");
  CHECK(upper("ŉ") == "ʼN");
  CHECK(upper("ﬁn") == "FIN");
  CHECK(upper("πλανήτης") == "ΠΛΑΝΉΤΗΣ");
  CHECK(upper("\u0390") == "\u0399\u0308\u0301");
  CHECK(upper("ı i") == "I I");  // The root locale, not the Turkish one.
  CHECK(upper("emoji 😀 日本") == "EMOJI 😀 日本");
}

TEST_CASE("lower case knows the final sigma and the dotted capital I") {
  const auto lower = [](const char* text) {
    return topicloop::webhook::apply(Transform::Lower, text);
  };
  CHECK(lower("ΠΛΑΝΉΤΗΣ") == "πλανήτης");
  CHECK(lower("ΣΑΣ ΣΑΣ") == "σας σας");
  CHECK(lower("Σ") == "σ");
  CHECK(lower("İ") == "i̇");
  CHECK(lower("I") == "i");
  CHECK(lower("ẞ") == "ß");
  CHECK(lower("EMOJI 😀") == "emoji 😀");
}

TEST_CASE("identity changes nothing") {
  CHECK(topicloop::webhook::apply(Transform::Identity, "aßΣ\n") == "aßΣ\n");
}

TEST_CASE("a megabyte that triples in size is mapped whole") {
  std::string text;
  std::string expected;
  while (text.size() < 1U << 20U) {
    text += "\u0390";                  // Two bytes ...
    expected += "\u0399\u0308\u0301";  // ... become six.
  }
  const bool tripled = topicloop::webhook::apply(Transform::Upper, text) == expected;
  CHECK(tripled);
  const std::string capitals(1U << 20U, 'A');
  const bool lowered =
      topicloop::webhook::apply(Transform::Lower, capitals) == std::string(1U << 20U, 'a');
  CHECK(lowered);
}

TEST_CASE("zero bytes are part of a text") {
  CHECK(topicloop::webhook::apply(Transform::Upper, std::string("a\0b", 3)) ==
        std::string("A\0B", 3));
}
