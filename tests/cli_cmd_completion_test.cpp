// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"
#include "support/environment.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// What is offered for `kind` behind `words`; must never fail or complain.
std::string offered(const std::string& kind, const Arguments& words = {}) {
  Arguments arguments{"__complete", "--patience", "20s", kind, "--"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const Outcome outcome = run_command(arguments);
  INFO(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return outcome.out;
}

}  // namespace

TEST_CASE("completions come from the service that the command line names") {
  const Service service;
  must(service.client.put_webhook({{k_cache, "upper"}, "topic 1", "http://127.0.0.1:1/"}));
  const Arguments words = at(service, {"webhook", "delete"});
  CHECK(offered("webhooks", words) == "upper\n");
  CHECK(offered("topics", words) == "topic 1\n");
  CHECK(offered("caches", words) == std::string(k_cache) + "\n");
}

TEST_CASE("flags that are unknown or not finished do not disturb completions") {
  const Service service;
  must(service.client.put_webhook({{k_cache, "upper"}, "t", "http://127.0.0.1:1/"}));
  CHECK(offered("webhooks", at(service, {"webhook", "delete", "--help", "-o", "--nonsense=3"})) ==
        "upper\n");
  Arguments words = at(service, {"webhook", "delete"});
  words.insert(words.end(), {"--api-key-file"});
  CHECK(offered("webhooks", words) == "upper\n");
}

TEST_CASE("words that may stand for a value are offered for it") {
  const std::string script = run_command({"completion", "bash"}).out;
  CHECK(contains(script, "'subscribe --from') kind='words beginning' ;;"));
  CHECK(contains(script, "'token create --expires') kind='words never' ;;"));
  CHECK(contains(script, "'serve-topics --limits') kind='words momento off' ;;"));
}

TEST_CASE("without a service there is nothing to offer and no error") {
  for (const char* kind : {"caches", "topics", "webhooks"}) {
    CHECK(offered(kind, {"publish", "--local", k_nowhere}).empty());
    CHECK(offered(kind, {"publish", "--local", "not an address"}).empty());
    CHECK(offered(kind, {"publish", "--api-key-file", "/nonexistent"}).empty());
  }
}

TEST_CASE("profiles are the sections of the file with the keys, whose keys are not shown") {
  const TempDirectory folder;
  std::ofstream(folder.file("credentials")) << "[default]\ntoken=hidden\n\n[work two]\ntoken=x\n";
  {
    const Variable directory("MOMENTO_CONFIG_DIR", folder.file(""));
    CHECK(offered("profiles") == "default\nwork two\n");
  }
  const Variable directory("MOMENTO_CONFIG_DIR", "/nonexistent");
  CHECK(offered("profiles").empty());
}

TEST_CASE("help is followed by commands, and those by the commands below them") {
  CHECK(contains(offered("commands", {"help"}), "webhook\n"));
  CHECK(offered("commands", {"help", "webhook"}) ==
        "delete\nlist\nput\nrotate\nsecret\nsend\nsign\nverify\n");
  CHECK(offered("commands", {"help", "nonsense"}).empty());
  CHECK_FALSE(contains(offered("commands", {"help"}), "__"));
}
