// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"
#include "support/environment.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <sstream>

using namespace topicloop::cli;
using topicloop::test::Variable;
using namespace std::chrono_literals;

TEST_CASE("progress tells how much is done, how fast, and how long the rest will take") {
  CHECK(describe_progress(1'200, 5'000, 500ms) ==
        "1,200 of 5,000 messages (24%), 2,400/s, 1.6s left");
  CHECK(describe_progress(5'000, 5'000, 2s) == "5,000 of 5,000 messages (100%), 2,500/s");
}

TEST_CASE("without a total progress tells what it knows") {
  CHECK(describe_progress(1'200, std::nullopt, 500ms) == "1,200 messages, 2,400/s");
  CHECK(describe_progress(1, std::nullopt, 1s) == "1 message, 1/s");
  CHECK(describe_progress(1'234'567, std::nullopt, 1s) == "1,234,567 messages, 1,234,567/s");
}

TEST_CASE("progress at the very beginning divides by nothing") {
  CHECK(describe_progress(0, 10, 0us) == "0 of 10 messages (0%), 0/s");
  CHECK(describe_progress(0, 0, 0us) == "0 of 0 messages (100%), 0/s");
}

TEST_CASE("progress is drawn on a terminal, and not where somebody types or records come") {
  const Variable term("TERM", "xterm");
  std::ostringstream out;
  Streams streams{.out = out, .err = out, .err_is_terminal = true};
  Interrupt interrupt;
  const Context context{streams, interrupt};
  const OutputFlags text;
  const OutputFlags json{OutputFormat::Json, "auto", ""};
  CHECK(shows_progress(context, text, false));
  CHECK_FALSE(shows_progress(context, text, true));
  CHECK(shows_progress(context, json, false));
  streams.out_is_terminal = true;
  CHECK_FALSE(shows_progress(context, json, false));
  streams.err_is_terminal = false;
  CHECK_FALSE(shows_progress(context, text, false));
}
