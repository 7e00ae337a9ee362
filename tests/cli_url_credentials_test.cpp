// SPDX-License-Identifier: Apache-2.0
// Credentials in URLs are used and never shown, wherever a URL is shown (base/shown_url.hpp).
#include "cli/machine_checks.hpp"
#include "support/forward_command.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const model::WebhookId k_id{k_cache, "w"};

// A URL of this machine full of credentials; each contains "hush".
std::string secret_url(int port) {
  return "http://me:hush1@127.0.0.1:" + std::to_string(port) + "/x?%74oken=hush2&a=1";
}

std::string shown_url(int port) {
  return "http://***@127.0.0.1:" + std::to_string(port) + "/x?%74oken=***&a=1";
}

constexpr int k_nobody = 1;

std::string all_of(const Outcome& outcome) {
  return outcome.out + outcome.err;
}

std::string all_of(const Command& command) {
  return command.out().text() + command.err().text();
}

}  // namespace

TEST_CASE("serve-topics shows its deliveries without credentials") {
  for (const char* format : {"text", "json"}) {
    INFO(format);
    Command command({"serve-topics", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--cache",
                     k_cache, "-o", format});
    std::string endpoint;
    if (format == std::string("json")) {
      command.out().wait_for("\"type\":\"ready\"");
      endpoint = command.records().at(0)["where"];
    } else {
      endpoint = command.err().rest_of_line("serving topics on ");
    }
    const auto client = client_of(endpoint);
    must(client.put_webhook({k_id, "t", secret_url(k_nobody)}));
    must(client.publish(k_cache, "t", model::Value::text("a")));
    command.out().wait_for(shown_url(k_nobody));
    CHECK(command.interrupt_and_wait() == 130);
    CHECK_FALSE(contains(all_of(command), "hush"));
  }
}

TEST_CASE("webhook list shows URLs without credentials unless it is told to show them") {
  const Service service;
  must(service.client.put_webhook({k_id, "t", secret_url(k_nobody)}));
  for (const char* format : {"text", "json"}) {
    INFO(format);
    const Outcome shown = run_command(at(service, {"webhook", "list", "-o", format}));
    CHECK(contains(shown.out, shown_url(k_nobody)));
    CHECK_FALSE(contains(all_of(shown), "hush"));
    const Outcome whole =
        run_command(at(service, {"webhook", "list", "--show-credentials", "-o", format}));
    CHECK(contains(whole.out, secret_url(k_nobody)));
  }
}

TEST_CASE("a URL that is refused is told without credentials") {
  const Service service;
  const std::string bad = "ftp://me:hu/sh@h/?key=hush";
  const std::vector<Arguments> rows = {
      {"webhook", "put", "w", "--topic", "t", "--url", bad, "--local", service.broker.endpoint()},
      {"webhook", "send", bad},
      {"forward", "t", "--to", bad},
      {"forward", "t", "--lambda", bad},
      {"serve-webhook", "--no-verify", "--forward-to", bad},
      {"serve-webhook", "--register", "t", "--public-url", bad},
      {"serve-webhook", "--register", "t", "--ngrok", "--ngrok-api", bad}};
  for (const Arguments& row : rows) {
    INFO(row[0] << " " << row[1]);
    Arguments json = row;
    json.insert(json.end(), {"-o", "json"});
    const Outcome outcome = run_command(json);
    CHECK(outcome.exit_code != 0);
    CHECK(contains(outcome.err, "ftp://***@h/?key=***"));
    CHECK_FALSE(contains(all_of(outcome), "sh@"));
    CHECK_FALSE(contains(all_of(outcome), "hush"));
  }
}

TEST_CASE("forward shows no credentials of its targets and keeps none in a dead letter") {
  const WithSecret secret;
  const TempDirectory directory;
  const Service service;
  service.publish("t", "a");
  for (const char* format : {"text", "json"}) {
    INFO(format);
    const Outcome outcome = run_command(
        forward_from(service, secret_url(k_nobody),
                     {"-n", "1", "--retry", "0", "--lambda", secret_url(k_nobody), "-o", format}));
    CHECK(outcome.exit_code == 1);
    CHECK(contains(outcome.out, shown_url(k_nobody)));
    CHECK(contains(outcome.err, "warning: " + shown_url(k_nobody) + " fails: "));
    CHECK_FALSE(contains(all_of(outcome), "hush"));
  }
  const std::string file = directory.file("dead.jsonl");
  run_command(forward_from(service, secret_url(k_nobody),
                           {"-n", "1", "--retry", "0", "--dead-letter", file}));
  CHECK(contains(content_of(file), "127.0.0.1"));
  CHECK_FALSE(contains(content_of(file), "hush1"));
}

TEST_CASE("webhook send shows no credentials") {
  const WithSecret secret;
  const Outcome outcome = run_command({"webhook", "send", secret_url(k_nobody)});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, shown_url(k_nobody) + ": connection refused"));
  CHECK(contains(outcome.out, shown_url(k_nobody)));
  CHECK_FALSE(contains(all_of(outcome), "hush"));
}

TEST_CASE("serve-webhook shows no credentials of where it forwards to") {
  WebhookCommand webhook({"--no-verify", "--forward-to", secret_url(k_nobody)});
  RawClient client(webhook.port());
  client.send(unsigned_post("/", webhook::to_json(event_now("hello"))));
  const std::string answer = client.receive_until("}");
  CHECK(status_of(answer) == 502);
  webhook.out().wait_for("<-- [502]");
  CHECK(contains(all_of(webhook), "--forward-to failed: " + shown_url(k_nobody)));
  CHECK_FALSE(contains(all_of(webhook) + answer, "hush"));
}

TEST_CASE("serve-webhook shows no credentials of its public URL or of those it replaces") {
  const Service service;
  must(service.client.put_webhook({k_id, "t", secret_url(k_nobody)}));
  WebhookCommand webhook(
      at(service, {"--register", "t", "--webhook", "w", "--public-url", secret_url(2)}));
  webhook.err().wait_for("registered for \"t\" as " + shown_url(2));
  CHECK(contains(webhook.err().text(), "webhook \"w\" sent \"t\" to " + shown_url(k_nobody)));
  CHECK(must(service.client.list_webhooks(k_cache)).at(0).url == secret_url(2));
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK_FALSE(contains(all_of(webhook), "hush"));
  CHECK(must(service.client.list_webhooks(k_cache)).at(0).url == secret_url(k_nobody));
}

TEST_CASE("no credentials of where the ngrok agent answers are shown") {
  const Service service;
  const std::string api = "http://me:hush@127.0.0.1:1";
  const Variable path("PATH", "/nonexistent");
  const Outcome outcome = run_command(
      at(service, WebhookCommand::with({"--register", "t", "--ngrok", "--ngrok-api", api})));
  CHECK(outcome.exit_code == 4);
  CHECK_FALSE(contains(all_of(outcome), "hush"));
  const auto check = cli::check_ngrok(api);
  CHECK(contains(check.detail, "http://***@127.0.0.1:1"));
  CHECK_FALSE(contains(check.detail + check.help, "hush"));
}
