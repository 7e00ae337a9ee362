// SPDX-License-Identifier: Apache-2.0
#include "base/hexdump.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;

TEST_CASE("a hexdump shows offset, bytes and ASCII as hexdump -C does") {
  CHECK(hexdump(std::string("topicloop \0\x01\x1b[2J\xff!", 18)) ==
        "00000000  74 6f 70 69 63 6c 6f 6f  70 20 00 01 1b 5b 32 4a  |topicloop ...[2J|\n"
        "00000010  ff 21                                             |.!|\n"
        "00000012");
  CHECK(hexdump("12345678") ==
        "00000000  31 32 33 34 35 36 37 38                           |12345678|\n"
        "00000008");
}

TEST_CASE("equal lines of a hexdump are shown once") {
  CHECK(hexdump(std::string(49, '\0') + "x") ==
        "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
        "*\n"
        "00000030  00 78                                             |.x|\n"
        "00000032");
}

TEST_CASE("the hexdump of nothing is nothing") {
  CHECK(hexdump("").empty());
}

TEST_CASE("a hexdump of a part counts from where the part begins") {
  CHECK(hexdump("ab", 0x40) ==
        "00000040  61 62                                             |ab|\n"
        "00000042");
}
