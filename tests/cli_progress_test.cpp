// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop::cli;
using namespace std::chrono_literals;

TEST_CASE("progress tells how much is done, how fast, and how long the rest will take") {
  CHECK(describe_progress(1'200, 5'000, 500ms) == "1200 of 5000 (24%), 2400/s, 1.6s left");
  CHECK(describe_progress(5'000, 5'000, 2s) == "5000 of 5000 (100%), 2500/s");
}

TEST_CASE("without a total progress tells what it knows") {
  CHECK(describe_progress(1'200, std::nullopt, 500ms) == "1200, 2400/s");
}

TEST_CASE("progress at the very beginning divides by nothing") {
  CHECK(describe_progress(0, 10, 0us) == "0 of 10 (0%), 0/s");
  CHECK(describe_progress(0, 0, 0us) == "0 of 0 (100%), 0/s");
}
