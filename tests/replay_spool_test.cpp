// SPDX-License-Identifier: Apache-2.0
#include "replay/spool.hpp"
#include "support/environment.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using replay::Spool;

TEST_CASE("Pieces of any bytes and sizes are taken up in any order") {
  auto spool = Spool::open();
  REQUIRE(spool);
  const std::vector<std::string> pieces = {
      "", "a\nb", std::string("\0\xFF", 2), std::string(100'000, 'x'), "", "end"};
  for (const auto& piece : pieces)
    REQUIRE(spool->add(piece));
  CHECK(spool->size() == pieces.size());
  for (const std::size_t number : {5U, 3U, 0U, 1U, 4U, 2U}) {
    const auto piece = spool->get(number);
    REQUIRE(piece);
    CHECK(*piece == pieces[number]);
  }
  REQUIRE(spool->add("more"));
  CHECK(*spool->get(6) == "more");
}

TEST_CASE("A folder that cannot be written is named") {
  const test::Variable folder("TMPDIR", "/nonexistent");
  const auto spool = Spool::open();
  REQUIRE_FALSE(spool);
  CHECK(spool.error().message.find("in /nonexistent: ") != std::string::npos);
}
