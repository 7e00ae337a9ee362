// SPDX-License-Identifier: Apache-2.0
#include "cli/flag_checks.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop::cli;

TEST_CASE("a count is a whole number from 1") {
  CHECK(check_count("1").empty());
  CHECK(check_count("18446744073709551615").empty());
  for (const char* text : {"0", "-1", "+1", "1.5", "x", "", "1 ", "18446744073709551616"}) {
    INFO(text);
    CHECK(check_count(text) ==
          "\"" + std::string(text) + "\" is not a count: expected a whole number from 1");
  }
}

TEST_CASE("a number is between two others, which the error names") {
  const auto check = check_between(0, 256);
  for (const char* text : {"0", "7", "256", "007"})
    CHECK(check(text).empty());
  for (const char* text : {"257", "-1", "99999999999999999999"}) {
    INFO(text);
    CHECK(check(text) == "must be between 0 and 256, not " + std::string(text));
  }
  for (const char* text : {"x", "", "1.5", "1 ", "0x10", "+1"}) {
    INFO(text);
    CHECK(check(text) ==
          "must be a whole number between 0 and 256, not \"" + std::string(text) + "\"");
  }
}

TEST_CASE("a duration has a number and a known unit") {
  CHECK(check_duration("1.5m").empty());
  CHECK(check_duration("soon") ==
        "\"soon\" is not a duration: expected a number and ms, s, m or h");
}

TEST_CASE("a name is UTF-8 and not blank") {
  CHECK(check_name("topic 1").empty());
  CHECK(check_name("stra\u00DFe").empty());
  CHECK(check_name("") == "a name must not be empty");
  CHECK(check_name(" ") == "a name must not be empty");
  CHECK(check_name("bad\xFF") == "not UTF-8 text: byte 3 is 0xff");
}

TEST_CASE("an address to listen on has a port or is a Unix socket") {
  CHECK(check_listen_address("127.0.0.1:0").empty());
  CHECK(check_listen_address("unix:/tmp/s").empty());
  CHECK(check_listen_address("localhost") ==
        "\"localhost\" is not an address: expected HOST:PORT or unix:PATH");
}

TEST_CASE("an address of a service has a port so that the next argument is not taken for one") {
  CHECK_FALSE(check_service_address("localhost").empty());
  CHECK(check_service_address("localhost:1").empty());
  CHECK_FALSE(check_service_address("localhost:x").empty());
  CHECK_FALSE(check_service_address("topic 1").empty());
  CHECK(check_service_address("localhost:0") == "\"localhost:0\" has no port to connect to");
  CHECK(check_service_address("unix:/tmp/s").empty());
}
