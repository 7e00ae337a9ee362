// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

struct Mistake {
  Arguments arguments;
  std::string error;
  std::string help;
};

const std::string k_publish_usage =
    "topicloop publish [OPTIONS] TOPIC [VALUE] (flags: topicloop publish --help)";

const std::vector<Mistake> k_mistakes = {
    {{"publihs"}, "unknown command \"publihs\"", "did you mean \"publish\"?"},
    {{"publihs", "--help"}, "unknown command \"publihs\"", "did you mean \"publish\"?"},
    {{"--help", "publihs"}, "unknown command \"publihs\"", "did you mean \"publish\"?"},
    {{"replicate", "t"}, "unknown command \"replicate\"", "topicloop --help"},
    {{"webhook", "lst"},
     "unknown command \"lst\" of `topicloop webhook`",
     "did you mean \"list\"?"},
    {{"webhook", "update", "--help"},
     "unknown command \"update\" of `topicloop webhook`",
     "topicloop webhook --help"},
    {{"help", "publihs"}, "unknown command \"publihs\"", "did you mean \"publish\"?"},
    {{"help", "webhook", "delet"},
     "unknown command \"delet\" of `topicloop webhook`",
     "did you mean \"delete\"?"},
    {{"webhook"},
     "`topicloop webhook` needs a command: put, list, delete, secret, rotate, send, sign or verify",
     "topicloop webhook --help"},
    {{"publish"}, "`topicloop publish` needs TOPIC", k_publish_usage},
    {{"publish", "--local", "127.0.0.1:1"},
     "`topicloop publish` needs TOPIC: 127.0.0.1:1 is taken for the address of --local",
     k_publish_usage + "; a topic of that name goes before the flags"},
    {{"subscribe", "--local", "127.0.0.1:1"},
     "`topicloop subscribe` needs TOPIC...: 127.0.0.1:1 is taken for the address of --local",
     "topicloop subscribe [OPTIONS] TOPIC... (flags: topicloop subscribe --help); a topic of that "
     "name goes before the flags"},
    {{"subscribe", "t", "--from", ""},
     "--from is given an empty value",
     "give a value, or leave the flag away: topicloop subscribe --help"},
    {{"publish", "t", "v", "--local", ""},
     "--local is given an empty value",
     "give a value, or leave the flag away: topicloop publish --help"},
    {{"publish", "t", "v", "--local="},
     "--local is given an empty value",
     "give a value, or leave the flag away: topicloop publish --help"},
    {{"publish", "t", "v", "--cacert", ""},
     "--cacert is given an empty value",
     "give a value, or leave the flag away: topicloop publish --help"},
    {{"publish", "t", "v", "too", "many"},
     "`topicloop publish` does not take the argument \"too\"",
     k_publish_usage},
    {{"publish", "t", "v", "--", "-x"},
     "`topicloop publish` does not take the argument \"-x\"",
     k_publish_usage},
    {{"webhook", "put", "n", "--topic", "t"},
     "`topicloop webhook put` needs --url URL",
     "topicloop webhook put [OPTIONS] NAME (flags: topicloop webhook put --help)"},
    {{"publish", "t", "v", "--repaet", "3"},
     "unknown flag \"--repaet\" for `topicloop publish`",
     "did you mean \"--repeat\"?"},
    {{"webhook", "put", "n", "--topic", "t", "--urll", "http://x/"},
     "unknown flag \"--urll\" for `topicloop webhook put`",
     "did you mean \"--url\"?"},
    {{"publish", "t", "--nonsense"},
     "unknown flag \"--nonsense\" for `topicloop publish`",
     "topicloop publish --help; a value that begins with a dash goes behind --"},
    {{"--out", "json", "--nonsense"}, "unknown flag \"--out\" for `topicloop`", "topicloop --help"},
    {{"--count", "3", "subscribe", "t"},
     "unknown flag \"--count\" for `topicloop`",
     "flags go behind the command: topicloop subscribe --count"},
    {{"serve-topics", "--nonsense"},
     "unknown flag \"--nonsense\" for `topicloop serve-topics`",
     "topicloop serve-topics --help"},
    {{"publish", "t", "v", "-o", "jsno"},
     "--output: \"jsno\" is not json, raw or text",
     "did you mean \"json\"?"},
    {{"publish", "t", "v", "-o", "xml"},
     "--output: \"xml\" is not json, raw or text",
     "topicloop publish --help"},
    {{"subscribe", "t", "-n"}, "--count needs a value: N", "topicloop subscribe --help"},
    {{"publish", "t", "v", "-n", "1", "-n", "2"},
     "--repeat can be given only once",
     "topicloop publish --help"},
    {{"publish", "t", "v", "--file", "f"},
     "VALUE and --file exclude each other",
     "topicloop publish --help"},
    {{"serve-topics", "--tls-cert", "f"},
     "--tls-cert needs --tls-key too",
     "topicloop serve-topics --help"},
};

}  // namespace

TEST_CASE("a mistake is told in words that name the command and what to type instead") {
  for (const auto& [arguments, error, help] : k_mistakes) {
    const Outcome outcome = run_command(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == "topicloop: error: " + error + "\n  help: " + help + "\n");
  }
}

TEST_CASE("the value of an unknown flag may be a secret and is not repeated") {
  for (const Arguments& flag : {Arguments{"--api-kye=hidden"}, {"--api-kye", "hidden"}}) {
    Arguments arguments{"publish", "t", "v"};
    arguments.insert(arguments.end(), flag.begin(), flag.end());
    const Outcome outcome = run_command(arguments);
    CHECK(contains(outcome.err, "\"--api-kye\""));
    CHECK_FALSE(contains(outcome.err, "hidden"));
  }
}

TEST_CASE("a mistake cannot send escapes to the terminal") {
  for (const Arguments& arguments : {Arguments{"\x1B[2J"}, {"publish", "t", "--\x1B[2J"}})
    CHECK_FALSE(contains(run_command(arguments).err, "\x1B"));
}

TEST_CASE("what stands behind a double dash is no flag") {
  const Service service;
  auto subscription = service.subscribe("-topic");
  const Outcome outcome = run_command({"publish", "--local", service.broker.endpoint(), "--cache",
                                       k_cache, "--", "-topic", "--help"});
  INFO(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK(next_message(subscription).value.bytes == "--help");
}
