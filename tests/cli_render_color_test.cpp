// SPDX-License-Identifier: Apache-2.0
#include "support/environment.hpp"
#include "support/rendering.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

bool is_colored(const std::string& color, bool terminal) {
  Rendering rendering({cli::OutputFormat::Text, color, ""}, terminal);
  rendering.renderer().message({"c", "t", 1, 1, "", model::Value::text("x")});
  return rendering.out().find('\x1B') != std::string::npos;
}

}  // namespace

TEST_CASE("colour is for terminals only unless it is asked for or forbidden") {
  const Variable term("TERM", "xterm");
  const Variable no_color("NO_COLOR", "");
  CHECK(is_colored("auto", true));
  CHECK(is_colored("always", true));
  CHECK_FALSE(is_colored("never", true));
  CHECK_FALSE(is_colored("auto", false));
}

TEST_CASE("NO_COLOR turns colour off unless it is asked for") {
  const Variable term("TERM", "xterm");
  const Variable no_color("NO_COLOR", "1");
  CHECK_FALSE(is_colored("auto", true));
  CHECK(is_colored("always", true));
}

TEST_CASE("a dumb terminal gets no colour") {
  const Variable term("TERM", "dumb");
  const Variable no_color("NO_COLOR", "");
  CHECK_FALSE(is_colored("auto", true));
}
