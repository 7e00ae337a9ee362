// SPDX-License-Identifier: Apache-2.0
// Commands against a service that answers when the test wants it to.
#include "support/condition.hpp"
#include "support/scripted_topics.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <set>

using namespace topicloop;
using namespace topicloop::test;

namespace {

bool is_listening(int port) {
  try {
    const RawClient client(port);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("an event in progress is still published on and answered after a signal") {
  Gate gate;
  const ScriptedService service([&](ScriptedCall& call) {
    gate.wait();
    call.answer("");
  });
  WebhookCommand webhook(
      {"--no-verify", "--publish-to", "topic 2", "--local", service.endpoint(), "-o", "json"});
  const int port = webhook.port();
  RawClient client(port);
  client.send(signed_post("/", event_now("hello")));
  REQUIRE(eventually([&] { return service.calls() == 1; }));
  webhook.interrupt();
  REQUIRE(eventually([&] { return !is_listening(port); }));
  gate.open();
  CHECK(status_of(client.receive_until("}")) == 200);
  CHECK(webhook.wait() == 130);
  CHECK(webhook.records().back() ==
        nlohmann::json{{"type", "summary"}, {"accepted", 1}, {"refused", 0}});
}

TEST_CASE("records keep their sizes apart when answers come in another order") {
  Gate gate;
  std::atomic<int> begun = 0;
  const ScriptedService service([&](ScriptedCall& call) {
    if (begun++ == 0) gate.wait();
    call.answer("");
  });
  std::string input;
  std::set<std::size_t> sizes;
  for (std::size_t size = 1; size <= 10; ++size) {
    sizes.insert(size);
    input += std::string(size, 'x') + "\n";
  }
  Command publish({"publish", "t", "--in-flight", "2", "--local", service.endpoint(), "-o", "json"},
                  input);
  publish.out().wait_for_lines(sizes.size() - 1);
  gate.open();
  CHECK(publish.wait() == 0);
  std::set<std::size_t> reported;
  for (const auto& record : publish.records())
    reported.insert(record["bytes"].get<std::size_t>());
  CHECK(reported == sizes);
}

TEST_CASE("a timeout of subscribe runs out also while the service says nothing at all") {
  const ScriptedService service([](ScriptedCall& call) { call.wait_until_cancelled(); });
  const Outcome outcome = run_command(
      {"subscribe", "t", "--timeout", "200ms", "--local", service.endpoint(), "-o", "json"});
  CHECK(outcome.exit_code == 124);
  CHECK(contains(outcome.err, "--timeout 200ms ran out after 0 messages\n"));
  CHECK(outcome.records().back()["kind"] == "timeout");
}

TEST_CASE("a signal cancels a publish that is not answered") {
  const ScriptedService service([](ScriptedCall& call) { call.wait_until_cancelled(); });
  Command publish({"publish", "t", "v", "--local", service.endpoint()});
  REQUIRE(eventually([&] { return service.calls() == 1; }));
  CHECK(publish.interrupt_and_wait() == 130);
  CHECK(publish.err().text().empty());
}
