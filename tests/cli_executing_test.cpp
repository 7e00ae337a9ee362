// SPDX-License-Identifier: Apache-2.0
#include "cli/executing.hpp"
#include "support/command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

TEST_CASE("a webhook of exec is a topic, with any equals signs, and a URL") {
  const auto plain = cli::parse_exec_webhook("topic 1=http://localhost:3000/");
  REQUIRE(plain);
  CHECK(plain->topic == "topic 1");
  CHECK(plain->url == "http://localhost:3000/");
  const auto odd = cli::parse_exec_webhook("a=b=https://h/?x=http://y");
  REQUIRE(odd);
  CHECK(odd->topic == "a=b");
  CHECK(odd->url == "https://h/?x=http://y");
  for (const std::string wrong :
       {"", "topic", "topic=", "topic=localhost", "=http://h/", "t=http://"}) {
    INFO(wrong);
    const auto refused = cli::parse_exec_webhook(wrong);
    REQUIRE_FALSE(refused);
    CHECK(contains(refused.error().message, "expected TOPIC=URL"));
  }
}

TEST_CASE("each secret of exec has a variable of its own") {
  CHECK(
      cli::secret_variables({{"topic 1", ""}, {"Straße", ""}, {"topic-1", ""}, {"topic 1", ""}}) ==
      std::vector<std::string>{
          "TOPICLOOP_WEBHOOK_SECRET_TOPIC_1", "TOPICLOOP_WEBHOOK_SECRET_STRA__E",
          "TOPICLOOP_WEBHOOK_SECRET_TOPIC_1_2", "TOPICLOOP_WEBHOOK_SECRET_TOPIC_1_3"});
}

TEST_CASE("exec says what is wrong with its own flags and leaves the program's alone") {
  const std::vector<std::pair<Arguments, std::string>> cases = {
      {{"exec"}, "`topicloop exec` needs PROGRAM..."},
      {{"exec", "--"}, "`topicloop exec` needs PROGRAM..."},
      {{"exec", "--nonsense", "--", "true"}, "unknown flag \"--nonsense\" for `topicloop exec`"},
      {{"exec", "--webhok", "t=http://h/", "true"}, "unknown flag \"--webhok\""},
      {{"exec", "--webhook", "topic 1", "true"}, "--webhook: \"topic 1\" is not a webhook"},
      {{"exec", "--cache", "", "true"}, "--cache: "},
      {{"exec", "--listen", "unix:/tmp/x", "true"}, "--listen: \"unix:/tmp/x\" is not HOST:PORT"},
      {{"exec", "--http", "here:there", "true"}, "--http: \"here:there\" is not"},
      {{"exec", "--retain", "0", "true"}, "--retain: "},
      {{"exec", "--fault", "topic-publish", "true"}, "--fault: "},
      {{"exec", "--limits", "some", "true"}, "--limits: "},
  };
  for (const auto& [arguments, message] : cases) {
    INFO(message);
    const Outcome outcome = run_command(arguments);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, message));
  }
  CHECK(run_command({"exec", "false", "--nonsense"}).exit_code == 1);
}

TEST_CASE("exec cannot run where its service cannot be") {
  const Service service;
  const Outcome outcome = run_command({"exec", "--listen", service.broker.endpoint(), "true"});
  CHECK(outcome.exit_code == 4);
  CHECK(contains(outcome.err, service.broker.endpoint()));
}

TEST_CASE("a stop is passed on to the program, and its end is ours") {
  Command exec({"exec", "-v", "--", "sleep", "1000"});
  exec.err().wait_for("serving topics on");
  CHECK(exec.interrupt_and_wait(SIGTERM) == 143);
  CHECK(exec.out().text().empty());
}
