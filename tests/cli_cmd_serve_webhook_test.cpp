// SPDX-License-Identifier: Apache-2.0
#include "support/condition.hpp"
#include "support/environment.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

model::WebhookEvent old_event() {
  auto event = event_now("hello");
  event.publish_timestamp -= 3'600'000;
  return event;
}

}  // namespace

TEST_CASE("serve-webhook without a secret is a usage error that says what to give") {
  const Outcome outcome = run_command(WebhookCommand::with({}));
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "no secret to verify signatures with"));
  for (const char* way :
       {"--register", "--webhook", "--secret-file", "TOPICLOOP_WEBHOOK_SECRET", "--no-verify"})
    CHECK(contains(outcome.err, way));
}

TEST_CASE("serve-webhook accepts what is signed with the secret of its file and recent") {
  const TempDirectory folder;
  WebhookCommand webhook({"--secret-file", folder.write("secret", "secret\r\n"), "-o", "json"});
  CHECK(webhook.send(signed_post("/", event_now("hello"))) == 200);
  CHECK(webhook.send(signed_post("/?query", event_now("hello"))) == 200);
  CHECK(webhook.send(unsigned_post("/", webhook::to_json(event_now("hello")))) == 401);
  CHECK(webhook.send(signed_post("/", event_now("hello"), "wrong")) == 403);
  CHECK(webhook.send(signed_post("/", old_event())) == 403);
  CHECK(webhook.send(signed_post("/other", event_now("hello"))) == 404);
  CHECK(webhook.interrupt_and_wait() == 130);

  const auto records = webhook.records();
  CHECK(records.front()["type"] == "ready");
  CHECK(records.back() == nlohmann::json{{"type", "summary"}, {"accepted", 2}, {"refused", 4}});
  std::vector<int> statuses;
  for (const auto& response : records_of(records, "response"))
    statuses.push_back(response["status"]);
  CHECK(statuses == std::vector<int>{200, 200, 401, 403, 403, 404});
  const auto requests = records_of(records, "request");
  REQUIRE(requests.size() == 6);
  CHECK(requests[0]["event"]["text"] == "hello");
  CHECK_FALSE(requests[3].contains("event"));  // Nobody vouches for its content.
  CHECK(contains(webhook.err().text(), "webhook requests: 2 accepted, 4 refused\n"));
}

TEST_CASE("serve-webhook refuses a signed request that is no event with 400") {
  const TempDirectory folder;
  WebhookCommand webhook({"--secret-file", folder.write("secret", "secret")});
  const std::string body = "{}";
  const std::string request = unsigned_post("/", body);
  const std::string signature =
      "momento-signature: " + webhook::Signer("secret").sign(body) + "\r\n";
  CHECK(webhook.send("POST / HTTP/1.1\r\n" + signature + request.substr(request.find("Host"))) ==
        400);
}

TEST_CASE("serve-webhook shows two lines per request with one id") {
  WebhookCommand webhook({"--no-verify"});
  CHECK(webhook.send(signed_post("/", event_now("hello"))) == 200);
  webhook.out().wait_for_lines(2);
  const std::string out = webhook.out().text();
  CHECK(contains(out, " --> news #1 ["));
  CHECK(contains(out, " <-- [200] POST " + webhook.url() + " ("));
  CHECK(out.substr(out.find(" [") + 2, 8) == out.substr(out.rfind('[') + 1, 8));
}

TEST_CASE("serve-webhook takes several secrets from files and the environment") {
  const TempDirectory folder;
  const Variable variable("TOPICLOOP_WEBHOOK_SECRET", "third");
  WebhookCommand webhook(
      {"--secret-file", folder.write("a", "first"), "--secret-file", folder.write("b", "second")});
  for (const char* secret : {"first", "second", "third"})
    CHECK(webhook.send(signed_post("/", event_now("hello"), secret)) == 200);
  CHECK(webhook.send(signed_post("/", event_now("hello"), "fourth")) == 403);
}

TEST_CASE("serve-webhook accepts anything with --no-verify but only fresh events") {
  WebhookCommand webhook({"--no-verify"});
  CHECK(webhook.send(unsigned_post("/", webhook::to_json(event_now("hello")))) == 200);
  CHECK(webhook.send(signed_post("/", event_now("hello"), "any")) == 200);
  CHECK(webhook.send(unsigned_post("/", webhook::to_json(old_event()))) == 403);
}

TEST_CASE("serve-webhook takes its limit of age from --max-age") {
  WebhookCommand two_hours({"--no-verify", "--max-age", "2h"});
  CHECK(two_hours.send(unsigned_post("/", webhook::to_json(old_event()))) == 200);
  WebhookCommand any({"--no-verify", "--max-age", "0"});
  CHECK(any.send(unsigned_post("/", webhook::to_json(old_event()))) == 200);
}

TEST_CASE("serve-webhook receives on its path only") {
  WebhookCommand webhook({"--no-verify", "--path", "/hook"});
  CHECK(webhook.url().ends_with("/hook"));
  const std::string body = webhook::to_json(event_now("hello"));
  CHECK(webhook.send(unsigned_post("/hook", body)) == 200);
  CHECK(webhook.send(unsigned_post("/", body)) == 404);
}

TEST_CASE("serve-webhook writes its ready file with the URL it receives on") {
  const TempDirectory folder;
  const std::string file = folder.file("ready");
  WebhookCommand webhook({"--no-verify", "--ready-file", file});
  REQUIRE(eventually([&] { return content_of(file) == webhook.url() + "\n"; }));
  CHECK(webhook.interrupt_and_wait(SIGTERM) == 143);
  CHECK(contains(webhook.err().text(), "webhook requests: 0 accepted, 0 refused\n"));
}

TEST_CASE("a secret file that is missing or blank is bad input naming it") {
  const TempDirectory folder;
  for (const auto& file : {folder.file("none"), folder.write("blank", " \n"), folder.file("")}) {
    const Outcome outcome =
        run_command(WebhookCommand::with({"--secret-file", file, "-o", "json"}));
    INFO(outcome.err);
    CHECK(outcome.exit_code == 3);
    CHECK(contains(outcome.err, file));
    CHECK(outcome.records().at(0)["exit_code"] == 3);
  }
}

TEST_CASE("serve-webhook says which address it cannot have") {
  WebhookCommand first({"--no-verify"});
  const std::string address = "127.0.0.1:" + std::to_string(first.port());
  const Outcome second = run_command({"serve-webhook", "--no-verify", "--listen", address});
  CHECK(second.exit_code == 4);
  CHECK(contains(second.err, std::to_string(first.port())));
}
