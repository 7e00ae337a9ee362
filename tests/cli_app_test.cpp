// SPDX-License-Identifier: Apache-2.0
#include "cli/app.hpp"
#include "support/command.hpp"
#include "support/environment.hpp"
#include "support/tokens.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

struct Mistake {
  Arguments arguments;
  std::vector<std::string> named;  // What the error must name.
};

const Mistake k_mistakes[] = {
    {{"nonsense"}, {"nonsense"}},
    {{"--bogus"}, {"--bogus"}},
    {{"publish"}, {"`topicloop publish` needs TOPIC"}},
    {{"publish", "t", "v", "--bogus"}, {"--bogus"}},
    {{"publish", "t", "v", "too many"}, {"too many"}},
    {{"publish", "t", "v", "--in-flight", "0"}, {"--in-flight", "0", "1", "1024"}},
    {{"publish", "t", "v", "--in-flight", "1025"}, {"--in-flight", "1025", "1", "1024"}},
    {{"publish", "t", "v", "--in-flight", "x"}, {"--in-flight", "x"}},
    {{"publish", "t", "v", "--file", "f"}, {"VALUE", "--file"}},
    {{"publish", "t", "v", "-o", "xml"}, {"--output", "xml", "text", "json", "raw"}},
    {{"publish", "t", "v", "-o", "1"}, {"--output", "text", "json", "raw"}},
    {{"publish", "t", "v", "--color", "x"}, {"--color", "auto", "always", "never"}},
    {{"publish", "t", "v", "--local", "a b"}, {"--local", "a b", "HOST:PORT", "unix:PATH"}},
    {{"publish", "t", "v", "--connect-timeout", "x"}, {"--connect-timeout", "x", "ms, s, m or h"}},
    {{"publish", "t", "v", "--endpoint", "a b"}, {"--endpoint", "a b", "HOST:PORT"}},
    {{"publish", "t", "v", "--profile", ""}, {"--profile", "must not be empty"}},
    {{"publish", "t", "v", "--api-key", ""}, {"--api-key", "must not be empty"}},
    {{"publish", "t", "v", "--api-key-file", ""}, {"--api-key-file", "must not be empty"}},
    {{"publish", "t", "v", "--api-key", "k", "--api-key-file", "f"},
     {"--api-key", "--api-key-file", "exclude each other"}},
    {{"publish", "t", "v", "--rate", "nan"}, {"--rate", "\"nan\"", "0.001 to 1000000"}},
    {{"publish", "t", "v", "--endpoint", "http://x"}, {"--endpoint", "without http://"}},
    {{"subscribe"}, {"`topicloop subscribe` needs TOPIC..."}},
    {{"subscribe", "t", "-n", "0"}, {"--count", "\"0\"", "a whole number from 1"}},
    {{"subscribe", "t", "--count", "x"}, {"--count", "\"x\"", "a whole number from 1"}},
    {{"subscribe", "t", "--timeout", "soon"}, {"--timeout", "soon", "ms, s, m or h"}},
    {{"subscribe", "t", "--from", "0"}, {"--from", "0", "from 1", "beginning"}},
    {{"subscribe", "t", "--from", "end"}, {"--from", "end", "from 1", "beginning"}},
    {{"subscribe", "t", "--from", "-1"}, {"--from", "-1"}},
    {{"serve-topics", "--listen", "here"}, {"--listen", "here", "HOST:PORT", "unix:PATH"}},
    {{"serve-topics", "--retain", "0"}, {"--retain", "\"0\"", "a whole number from 1"}},
    {{"serve-topics", "--webhook-concurrency", "0"}, {"--webhook-concurrency", "0", "1024"}},
    {{"serve-webhook"}, {"secret"}},
    {{"serve-webhook", "--no-verify", "--listen", "x"}, {"--listen", "x", "HOST:PORT"}},
    {{"serve-webhook", "--no-verify", "--listen", "unix:/s"}, {"--listen", "HOST:PORT"}},
    {{"serve-webhook", "--max-age", "-1"}, {"--max-age", "-1", "ms, s, m or h"}},
    {{"serve-webhook", "--no-verify", "--public-url", "http://x/"}, {"--public-url", "--register"}},
    {{"serve-webhook", "--transform", "Upper"}, {"--transform", "Upper", "identity", "lower"}},
    {{"loop", "--transform", "2"}, {"--transform", "2", "identity", "upper", "lower"}},
    {{"loop", "--in", "a", "--out", "a"}, {"--in", "--out", "\"a\""}},
    {{"loop", "--timeout", "x"}, {"--timeout", "x", "ms, s, m or h"}},
    {{"loop", "-n", "-1"}, {"--count", "-1"}},
    {{"loop", "extra"}, {"extra"}},
    {{"webhook"},
     {"`topicloop webhook`", "put, list, delete, secret, rotate, send, sign or verify"}},
    {{"webhook", "bogus"}, {"\"bogus\"", "`topicloop webhook`"}},
    {{"webhook", "put"}, {"NAME"}},
    {{"webhook", "put", "n", "--topic", "t"}, {"--url"}},
    {{"webhook", "put", "n", "--url", "http://x/"}, {"--topic"}},
    {{"webhook", "delete"}, {"NAME"}},
};

}  // namespace

TEST_CASE("a wrong command line ends with 2 and names what is wrong and what would be right") {
  for (const auto& [arguments, named] : k_mistakes) {
    const Outcome outcome = run_command(arguments);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.starts_with("topicloop: error: "));
    for (const auto& part : named)
      CHECK(contains(outcome.err, part));
  }
}

TEST_CASE("a wrong command line is a record under -o json too") {
  for (auto [arguments, named] : k_mistakes) {
    for (const Arguments& flag : {Arguments{"-o", "json"}, {"-ojson"}, {"--output=json"}}) {
      if (std::find(arguments.begin(), arguments.end(), "-o") != arguments.end()) continue;
      Arguments with_flag = arguments;
      with_flag.insert(with_flag.end(), flag.begin(), flag.end());
      const Outcome outcome = run_command(with_flag);
      INFO(outcome.err);
      CHECK(outcome.exit_code == 2);
      REQUIRE(outcome.records().size() == 1);
      const auto record = outcome.records()[0];
      CHECK(record["type"] == "error");
      CHECK(record["exit_code"] == 2);
      for (const auto& part : named)
        CHECK(contains(record["message"].get<std::string>() + record.value("help", ""), part));
    }
  }
}

TEST_CASE("a key in the wrong place is not repeated") {
  const std::string key = v1_key("a.com", "hunter2");
  for (const Arguments& arguments : {Arguments{"publish", "t", "v", "--api-kye", key},
                                     {"publish", "t", "v", key},
                                     {"publish", "t", "v", "--endpoint", key + "?"},
                                     {"publish", "t", "v", "--local", key},
                                     {"publish", "t", "v", "--api-key-file", key}}) {
    const Outcome outcome = run_command(arguments);
    INFO(outcome.err);
    CHECK(outcome.exit_code != 0);
    CHECK_FALSE(contains(outcome.out + outcome.err, key));
  }
}

TEST_CASE("a mistake in the syntax says which help to read") {
  CHECK(contains(run_command({"nonsense"}).err, "\n  help: topicloop --help\n"));
  CHECK(contains(run_command({"publish", "t", "--color", "x"}).err,
                 "\n  help: topicloop publish --help\n"));
  CHECK(contains(run_command({"webhook"}).err, "\n  help: topicloop webhook --help\n"));
}

TEST_CASE("no command at all shows the help on stderr and is a usage error") {
  const Outcome outcome = run_command({});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK(contains(outcome.err, "serve-topics"));
}

TEST_CASE("the version is data") {
  const Outcome outcome = run_command({"--version"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("topicloop "));
  CHECK(outcome.out.back() == '\n');
  CHECK(outcome.err.empty());
}

TEST_CASE("an unreachable service ends every command that needs one with 4") {
  for (Arguments arguments : {Arguments{"publish", "t", "v"},
                              {"subscribe", "t"},
                              {"webhook", "list"},
                              {"serve-webhook", "--listen", "127.0.0.1:0", "--register", "t"},
                              {"loop", "--message", "m"}}) {
    arguments.insert(arguments.end(),
                     {"--local", k_nowhere, "--connect-timeout", "0", "-o", "json"});
    const Outcome outcome = run_command(arguments);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 4);
    CHECK(contains(outcome.err, k_nowhere));
    CHECK(contains(outcome.err, "\n  help: start one with `topicloop serve-topics`\n"));
    REQUIRE(outcome.records().size() == 1);
    CHECK(outcome.records()[0]["exit_code"] == 4);
  }
}

TEST_CASE("a cache the service does not have ends every command that needs one with 5") {
  const Service service;
  for (Arguments arguments :
       {Arguments{"publish", "t", "v"},
        {"subscribe", "t"},
        {"webhook", "list"},
        {"webhook", "put", "n", "--topic", "t", "--url", "http://127.0.0.1:1/"},
        {"serve-webhook", "--listen", "127.0.0.1:0", "--register", "t"},
        {"loop", "--message", "m"}}) {
    arguments.insert(arguments.end(),
                     {"--local", service.broker.endpoint(), "--cache", "nope", "-o", "json"});
    const Outcome outcome = run_command(arguments);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 5);
    CHECK(contains(outcome.err, "nope"));
    CHECK(outcome.records().back()["exit_code"] == 5);
  }
}

TEST_CASE("the environment says which service and cache unless flags do") {
  const Service service;
  const Variable local("TOPICLOOP_LOCAL", service.broker.endpoint());
  {
    const Variable cache("MOMENTO_CACHE_NAME", k_cache);
    CHECK(run_command({"publish", "t", "v"}).exit_code == 0);
    CHECK(run_command({"publish", "t", "v", "--cache", "other"}).exit_code == 5);
    CHECK(run_command({"publish", "t", "v", "--local", k_nowhere}).exit_code == 4);
  }
  const Outcome without = run_command({"publish", "t", "v"});
  CHECK(without.exit_code == 5);
  CHECK(contains(without.err, "default-cache"));
}

TEST_CASE("a bad address in the environment is a usage error naming the variable") {
  const Variable local("TOPICLOOP_LOCAL", "a b");
  const Outcome outcome = run_command({"publish", "t", "v"});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "TOPICLOOP_LOCAL"));
  CHECK(contains(outcome.err, "HOST:PORT"));
}
