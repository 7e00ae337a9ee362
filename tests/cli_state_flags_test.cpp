// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

Arguments serve(const std::string& directory, const Arguments& more = {}) {
  Arguments arguments{"serve-topics", "--listen", "127.0.0.1:0", "--state", directory};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

topic::Client client_of_command(const Command& command) {
  return client_of(command.err().rest_of_line("serving topics on "));
}

}  // namespace

TEST_CASE("serve-topics --state starts with what was there and says so") {
  const TempDirectory parent;
  const std::string directory = parent.file("state");
  std::string secret;
  {
    Command serving(serve(directory));
    const auto client = client_of_command(serving);
    serving.err().wait_for("  caches: default-cache\n");
    must(client.create_cache("orders"));
    must(client.delete_cache("default-cache"));
    secret = must(client.put_webhook({{"orders", "hook"}, "t", "http://127.0.0.1:9/"}));
    CHECK(serving.interrupt_and_wait() == 130);
  }
  Command serving(serve(directory, {"--cache", "users"}));
  const auto client = client_of_command(serving);
  serving.err().wait_for("  caches: orders, users\n");
  CHECK(must(client.webhook_secret({"orders", "hook"})) == secret);
}

TEST_CASE("serve-topics warns once that changes cannot be kept") {
  const TempDirectory parent;
  const std::string directory = parent.file("state");
  Command serving(serve(directory));
  const auto client = client_of_command(serving);
  std::filesystem::create_directory(directory + "/state.json.new");
  CHECK_FALSE(client.create_cache("a"));
  CHECK_FALSE(client.create_cache("b"));
  const std::string warning = "warning: the change cannot be kept in " + directory + "/state.json";
  serving.err().wait_for(warning);
  CHECK(serving.interrupt_and_wait() == 130);
  const std::string err = serving.err().text();
  CHECK(err.find(warning) == err.rfind(warning));
}

TEST_CASE("serve-topics leaves a damaged state file alone and ends with 3") {
  const TempDirectory parent;
  const std::string file = parent.write("state.json", "{\"topicloop_state\": 1, ");
  const Outcome outcome = run_command(serve(parent.path()));
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, file + " cannot be used: parse error at line 1"));
  CHECK(contains(outcome.err, "help: "));
  CHECK(content_of(file) == "{\"topicloop_state\": 1, ");
}

TEST_CASE("serve-topics refuses a state file of the future with 3") {
  const TempDirectory parent;
  parent.write("state.json", R"({"topicloop_state": 7})");
  const Outcome outcome = run_command(serve(parent.path()));
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, "version 7"));
}

TEST_CASE("serve-topics ends with 3 if it cannot write where it is to keep its state") {
  const TempDirectory parent;
  std::filesystem::create_directory(parent.file("state.json.new"));
  const Outcome outcome = run_command(serve(parent.path()));
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, parent.file("state.json")));
}

TEST_CASE("a --state that names nothing is a usage error") {
  const Outcome outcome = run_command(serve(""));
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "--state"));
}
