// SPDX-License-Identifier: Apache-2.0
#include "cli/suggest.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop::cli;

namespace {

const std::vector<std::string> k_commands = {"loop",      "serve-topics", "serve-webhook",
                                             "subscribe", "publish",      "replay"};
const std::vector<std::string> k_flags = {"-n", "--repeat", "--rate", "--retry", "--tls"};

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  return closest(word, known).value_or("nothing");
}

}  // namespace

TEST_CASE("a word with a slip of the finger suggests what was meant") {
  CHECK(suggestion("relay", k_commands) == "replay");
  CHECK(suggestion("replya", k_commands) == "replay");
  CHECK(suggestion("publihs", k_commands) == "publish");
  CHECK(suggestion("subcsribe", k_commands) == "subscribe");
  CHECK(suggestion("serve_topics", k_commands) == "serve-topics");
  CHECK(suggestion("lopo", k_commands) == "loop");
  CHECK(suggestion("--repaet", k_flags) == "--repeat");
  CHECK(suggestion("--tsl", k_flags) == "--tls");
}

TEST_CASE("the beginning of one word suggests it, of several none") {
  CHECK(suggestion("sub", k_commands) == "subscribe");
  CHECK(suggestion("serve", k_commands) == "nothing");
  CHECK(suggestion("--", k_flags) == "nothing");
}

TEST_CASE("a word like none suggests nothing") {
  CHECK(suggestion("stop", k_commands) == "nothing");
  CHECK(suggestion("nonsense", k_commands) == "nothing");
  CHECK(suggestion("-x", k_flags) == "nothing");
  CHECK(suggestion("", k_commands) == "nothing");
  CHECK(suggestion(std::string(1'000'000, 'x'), k_commands) == "nothing");
  CHECK(suggestion("--verbose", k_flags) == "nothing");
}

TEST_CASE("a choice reads as a sentence") {
  CHECK(one_of({"a"}) == "a");
  CHECK(one_of({"a", "b"}) == "a or b");
  CHECK(one_of({"a", "b", "c"}) == "a, b or c");
}
