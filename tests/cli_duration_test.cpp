// SPDX-License-Identifier: Apache-2.0
#include "cli/duration.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::cli;
using namespace std::chrono_literals;

TEST_CASE("durations are read with every unit and without one as seconds") {
  const std::pair<const char*, std::chrono::milliseconds> cases[] = {
      {"250ms", 250ms}, {"5s", 5s},       {"1.5m", 90s},    {"2h", 2h},
      {"3", 3s},        {".5", 500ms},    {"0", 0ms},       {"1000h", 1'000h},
      {"1.", 1s},       {"0.0004s", 0ms}, {"0.0006s", 1ms}, {"0ms", 0ms}};
  for (const auto& [text, expected] : cases) {
    INFO(text);
    const auto parsed = parse_duration(text);
    REQUIRE(parsed);
    CHECK(*parsed == expected);
  }
}

TEST_CASE("what is no duration is a usage error that says what would be") {
  for (const char* text : {"", "s", ".", "1..5", "-1s", "+1s", " 5s", "5 s", "5s ", "5S", "5d",
                           "1e3", "0x10", "nan", "inf"}) {
    INFO(text);
    const auto parsed = parse_duration(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::Usage);
    CHECK(parsed.error().message == "\"" + std::string(text) +
                                        "\" is not a duration: expected a number and ms, s, m or "
                                        "h");
  }
}

TEST_CASE("a duration that is too long is told the limit") {
  for (const char* text : {"1001h", "99999999999999999999h", "3600001"}) {
    INFO(text);
    CHECK(parse_duration(text).error().message ==
          "\"" + std::string(text) + "\" is too long: at most 1000h");
  }
}

TEST_CASE("durations are shown with as many digits as one reads") {
  const std::pair<std::chrono::microseconds, const char*> cases[] = {
      {0us, "0us"},         {870us, "870us"},    {999us, "999us"},  {1'000us, "1.00ms"},
      {1'240us, "1.24ms"},  {9'994us, "9.99ms"}, {9'999us, "10ms"}, {18'000us, "18ms"},
      {999'499us, "999ms"}, {999'999us, "1.0s"}, {2'500ms, "2.5s"}, {10s, "10.0s"}};
  for (const auto& [duration, expected] : cases)
    CHECK(format_duration(duration) == expected);
}
