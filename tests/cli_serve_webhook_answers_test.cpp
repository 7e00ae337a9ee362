// SPDX-License-Identifier: Apache-2.0
// How serve-webhook answers: as scripted, duplicates, and the counts of what it has answered.
#include "support/condition.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <filesystem>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::chrono_literals;

namespace {

std::string answer_of(const WebhookCommand& webhook, const std::string& request) {
  RawClient client(webhook.port());
  client.send(request);
  return client.receive_until("}");
}

model::WebhookEvent numbered(std::uint64_t number) {
  auto event = event_now("hello");
  event.topic_sequence_number = number;
  return event;
}

}  // namespace

TEST_CASE("events are answered with the statuses asked for, one after another") {
  WebhookCommand webhook({"--no-verify", "--respond", "503,429", "--respond", "201", "-o", "json"});
  for (const int status : {503, 429, 201, 201})
    CHECK(webhook.send(signed_post("/", event_now("x"))) == status);
  CHECK(webhook.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") == 405);  // No event: not scripted.
  CHECK(webhook.interrupt_and_wait() == 130);
  const auto responses = records_of(webhook.records(), "response");
  CHECK(responses.at(0)["reason"] == "asked for with --respond");
  CHECK_FALSE(responses.at(2).contains("reason"));
  CHECK(webhook.records().back()["accepted"] == 2);
}

TEST_CASE("events are answered with the body asked for and its type") {
  const auto answer_with = [](const std::string& body) {
    WebhookCommand webhook({"--no-verify", "--respond-body", body});
    RawClient client(webhook.port());
    client.send(signed_post("/", event_now("x"), "any", "Connection: close\r\n"));
    return client.receive_all();
  };
  const std::string json = answer_with(R"({"ok":1})");
  CHECK(contains(json, "Content-Type: application/json\r\n"));
  CHECK(json.ends_with("\r\n\r\n{\"ok\":1}"));
  const std::string text = answer_with("grüezi");
  CHECK(contains(text, "Content-Type: text/plain; charset=utf-8\r\n"));
  CHECK(text.ends_with("\r\n\r\ngrüezi"));
  const std::string empty = answer_with("");
  CHECK(status_of(empty) == 200);
  CHECK(contains(empty, "Content-Length: 0\r\n"));
}

TEST_CASE("an answer without a body has none") {
  WebhookCommand webhook({"--no-verify", "--respond", "204"});
  RawClient client(webhook.port());
  client.send(signed_post("/", event_now("x"), "any", "Connection: close\r\n"));
  const std::string answer = client.receive_all();
  CHECK(status_of(answer) == 204);
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("an answer waits for as long as asked and not beyond an interrupt") {
  WebhookCommand late({"--no-verify", "--respond-delay", "50ms"});
  const auto begin = std::chrono::steady_clock::now();
  CHECK(late.send(signed_post("/", event_now("x"))) == 200);
  CHECK(std::chrono::steady_clock::now() - begin >= 50ms);

  WebhookCommand never(
      {"--no-verify", "--respond-delay", "1000h", "--exec", "true", "--aggregate", "1ms"});
  RawClient client(never.port());
  client.send(signed_post("/", event_now("x")));
  never.err().wait_for("  news");  // It is through; only the answer waits.
  CHECK(never.interrupt_and_wait() == 130);
  CHECK(status_of(client.receive_until("}")) == 200);
}

TEST_CASE("a failing sink is answered 502 whatever is asked for") {
  WebhookCommand webhook({"--no-verify", "--respond", "201", "--exec", "false"});
  CHECK(webhook.send(signed_post("/", event_now("x"))) == 502);
}

TEST_CASE("an event that was done is acknowledged and not done again with --dedupe") {
  const Service service;
  auto two = service.subscribe("topic 2");
  WebhookCommand webhook(
      at(service, {"--no-verify", "--dedupe", "1h", "--publish-to", "topic 2", "-o", "json"}));
  auto event = numbered(1);
  CHECK(webhook.send(signed_post("/", event)) == 200);
  event.publish_timestamp += 1;  // Fired again.
  CHECK(contains(answer_of(webhook, signed_post("/", event)), R"({"status":"duplicate"})"));
  CHECK(webhook.send(signed_post("/", numbered(2))) == 200);
  CHECK(next_message(two).sequence_number == 1);
  CHECK(next_message(two).sequence_number == 2);
  CHECK(webhook.interrupt_and_wait() == 130);
  const auto records = webhook.records();
  CHECK(records_of(records, "response").at(1)["reason"] == "a duplicate, not done again");
  CHECK(records.back() ==
        nlohmann::json{{"type", "summary"}, {"accepted", 3}, {"refused", 0}, {"duplicates", 1}});
  CHECK(contains(webhook.err().text(), "3 accepted, 0 refused, 1 of them duplicates\n"));
}

TEST_CASE("an event that failed is done when it is delivered again") {
  const TempDirectory folder;
  const std::string well = folder.file("well");
  WebhookCommand webhook({"--no-verify", "--dedupe", "1h", "--exec", "test -e " + well});
  const std::string request = signed_post("/", numbered(1));
  CHECK(webhook.send(request) == 502);
  folder.write("well", "");
  CHECK(webhook.send(request) == 200);
  std::filesystem::remove(well);
  CHECK(webhook.send(request) == 200);  // Not done again, or it would fail.
}

TEST_CASE("events are counted by topic and token id while it runs") {
  WebhookCommand webhook(
      {"--no-verify", "--aggregate", "1ms", "--exec", "grep hello", "-o", "json"});
  auto event = event_now("hello");
  event.token_id = "me";
  for (int i = 0; i < 3; ++i)
    CHECK(webhook.send(signed_post("/", event)) == 200);
  CHECK(webhook.send(signed_post("/", event_now("other"))) == 502);
  webhook.out().wait_for("\"events\":3");
  CHECK(webhook.interrupt_and_wait() == 130);
  const auto last = records_of(webhook.records(), "aggregate").back()["counts"];
  REQUIRE(last.size() == 2);
  CHECK(last[0]["token_id"] == "");
  CHECK(last[0]["events"] == 0);
  CHECK(last[0]["failed"] == 1);
  CHECK(last[1]["cache"] == "my-cache");
  CHECK(last[1]["topic"] == "news");
  CHECK(last[1]["token_id"] == "me");
  CHECK(last[1]["events"] == 3);
  CHECK(last[1]["failed"] == 0);
}

TEST_CASE("an event counts as often as it was tried, and a duplicate not at all") {
  const TempDirectory folder;
  const std::string well = folder.file("well");
  WebhookCommand webhook({"--no-verify", "--dedupe", "1h", "--exec", "test -e " + well,
                          "--aggregate", "1h", "-o", "json"});
  const std::string request = signed_post("/", numbered(1));
  CHECK(webhook.send(request) == 502);
  CHECK(webhook.send(request) == 502);
  folder.write("well", "");
  for (int i = 0; i < 3; ++i)
    CHECK(webhook.send(request) == 200);
  CHECK(webhook.interrupt_and_wait() == 130);
  const auto counts = records_of(webhook.records(), "aggregate").back()["counts"];
  REQUIRE(counts.size() == 1);
  CHECK(counts[0]["events"] == 1);
  CHECK(counts[0]["failed"] == 2);
  CHECK(webhook.records().back()["duplicates"] == 2);
}

TEST_CASE("without --dedupe an event counts each time it is delivered") {
  WebhookCommand webhook({"--no-verify", "--aggregate", "1h"});
  for (int i = 0; i < 3; ++i)
    CHECK(webhook.send(signed_post("/", numbered(1))) == 200);
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK(contains(webhook.err().text(), "\n         3        0"));
}

TEST_CASE("a sender that is asked to try again is answered as asked, and the event done once") {
  const Service service;
  auto two = service.subscribe("topic 2");
  WebhookCommand webhook(at(service, {"--no-verify", "--dedupe", "1h", "--respond", "503,503,202",
                                      "--publish-to", "topic 2", "-o", "json"}));
  const std::string request = signed_post("/", numbered(1));
  for (const int status : {503, 503, 202, 202})
    CHECK(webhook.send(request) == status);
  CHECK(webhook.send(signed_post("/", numbered(2))) == 202);
  CHECK(next_message(two).sequence_number == 1);
  CHECK(next_message(two).sequence_number == 2);
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK(webhook.records().back()["duplicates"] == 3);
}

TEST_CASE("counts are a table on stderr and only data is on stdout") {
  WebhookCommand webhook({"--no-verify", "--aggregate"});
  CHECK(webhook.send(signed_post("/", event_now("hello"))) == 200);
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK(
      contains(webhook.err().text(), "    events   failed     per s  topic\n         1        0"));
  CHECK_FALSE(contains(webhook.out().text(), "per s"));
}

TEST_CASE("flags about answers say what they accept") {
  const auto error_of = [](const Arguments& arguments) {
    Arguments all = WebhookCommand::with(arguments);
    all.emplace_back("--no-verify");
    const Outcome outcome = run_command(all);
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  for (const char* status : {"199", "600", "20", "2000", "ok", "200,abc"}) {
    INFO(status);
    CHECK(contains(error_of({"--respond", status}), "expected 200 to 599"));
  }
  CHECK(contains(error_of({"--respond-delay", "soon"}), "--respond-delay: \"soon\""));
  CHECK(contains(error_of({"--respond-body", "\xFF"}), "--respond-body: not UTF-8"));
  CHECK(contains(error_of({"--dedupe", "soon"}), "--dedupe: \"soon\""));
  CHECK(contains(error_of({"--aggregate", "soon"}), "--aggregate: \"soon\""));
  CHECK(contains(error_of({"--aggregate", "0"}), "--aggregate: must be longer than 0"));
}
