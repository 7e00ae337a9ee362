// SPDX-License-Identifier: Apache-2.0
// serve-webhook and its webhook on the service: rotation, restarts, tunnels, TLS.
#include "support/condition.hpp"
#include "support/environment.hpp"
#include "support/ngrok_agent.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificates.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <httplib.h>

#include <filesystem>
#include <thread>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const model::WebhookId k_id{k_cache, "topicloop-topic-1"};

std::vector<model::Webhook> webhooks_on(const Service& service) {
  return must(service.client.list_webhooks(k_cache));
}

}  // namespace

TEST_CASE(
    "a secret that is rotated while it runs is taken over and the old one stays for a while") {
  const Service service;
  const std::string old_secret = must(service.client.put_webhook({k_id, "topic 1", "http://x/"}));
  for (const Arguments& flags :
       {Arguments{"--webhook", k_id.name}, Arguments{"--register", "topic 1"}}) {
    const std::string before = must(service.client.webhook_secret(k_id));
    WebhookCommand webhook(at(service, flags));
    CHECK(webhook.send(signed_post("/", event_now("hello"), before)) == 200);
    const std::string secret = must(service.client.rotate_webhook_secret(k_id));
    CHECK(webhook.send(signed_post("/", event_now("hello"), secret)) == 200);
    CHECK(webhook.send(signed_post("/", event_now("hello"), before)) == 200);
    CHECK(webhook.send(signed_post("/", event_now("hello"), "guessed")) == 403);
    webhook.err().wait_for("the secret of webhook \"topicloop-topic-1\" was rotated\n");
    CHECK_FALSE(contains(webhook.err().text() + webhook.out().text(), secret));
  }
}

TEST_CASE("deliveries go on through a rotation without a loss") {
  const Service service;
  auto two = service.subscribe("topic 2");
  WebhookCommand webhook(at(service, {"--register", "topic 1", "--publish-to", "topic 2"}));
  webhook.err().wait_for("registered");
  for (int i = 0; i < 50; ++i) {
    if (i == 25) must(service.client.rotate_webhook_secret(k_id));
    service.publish("topic 1", std::to_string(i));
    REQUIRE(next_message(two).value == model::Value::text(std::to_string(i)));
  }
}

TEST_CASE("a webhook that the service has forgotten is registered again") {
  const TempDirectory folder;
  auto options = options_for_tests();
  options.address = "unix:" + folder.file("socket");
  auto service = std::make_unique<Service>(options);
  WebhookCommand webhook(at(*service, {"--register", "topic 1", "--publish-to", "topic 2"}));
  webhook.err().wait_for("registered");
  const std::string url = webhook.url();
  service.reset();
  service = std::make_unique<Service>(options);
  CHECK(webhooks_on(*service).empty());
  REQUIRE(eventually([&] { return webhooks_on(*service).size() == 1; }));
  CHECK(webhooks_on(*service).at(0) == model::Webhook{k_id, "topic 1", url});
  webhook.err().wait_for(
      "the service had forgotten webhook \"topicloop-topic-1\": it is registered again\n");
  auto two = service->subscribe("topic 2");
  service->publish("topic 1", "hello");
  CHECK(next_message(two).value == model::Value::text("hello"));
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK(webhooks_on(*service).empty());
}

TEST_CASE("a service that is away is said once and again when it is back") {
  const TempDirectory folder;
  auto options = options_for_tests();
  options.address = "unix:" + folder.file("socket");
  options.state_directory = folder.file("state");
  auto service = std::make_unique<Service>(options);
  WebhookCommand webhook(at(*service, {"--register", "topic 1"}));
  webhook.err().wait_for("registered");
  service.reset();
  webhook.err().wait_for("; trying again\n");
  service = std::make_unique<Service>(options);
  webhook.err().wait_for("the service answers again\n");
  const std::string err = webhook.err().text();
  CHECK(err.find("; trying again\n") == err.rfind("; trying again\n"));
}

TEST_CASE("a second receiver of a topic says that it takes the webhook over, and gives it back") {
  const Service service;
  WebhookCommand first(at(service, {"--register", "topic 1"}));
  first.err().wait_for("registered");
  const model::Webhook before{k_id, "topic 1", first.url()};
  {
    WebhookCommand second(at(service, {"--register", "topic 1"}));
    second.err().wait_for("registered");
    CHECK(contains(second.err().text(),
                   "warning: webhook \"topicloop-topic-1\" sent \"topic 1\" to " + first.url() +
                       "; it points here until this ends\n"));
    first.err().wait_for("was taken over: it sends \"topic 1\" to " + second.url() + " now\n");
    CHECK(second.interrupt_and_wait() == 130);
  }
  CHECK(webhooks_on(service) == std::vector<model::Webhook>{before});
  first.err().wait_for("webhook \"topicloop-topic-1\" points here again\n");
  CHECK(first.interrupt_and_wait() == 130);
  CHECK(webhooks_on(service).empty());
}

TEST_CASE("a webhook that was taken over is left to whoever has it") {
  const Service service;
  WebhookCommand first(at(service, {"--register", "topic 1"}));
  first.err().wait_for("registered");
  WebhookCommand second(at(service, {"--register", "topic 1"}));
  second.err().wait_for("registered");
  CHECK(first.interrupt_and_wait() == 130);
  CHECK(contains(first.err().text(),
                 "webhook \"topicloop-topic-1\" points to " + second.url() + " now, and stays\n"));
  CHECK(webhooks_on(service) == std::vector<model::Webhook>{{k_id, "topic 1", second.url()}});
}

TEST_CASE("a webhook that was deleted meanwhile is nothing to complain of") {
  const Service service;
  WebhookCommand webhook(at(service, {"--register", "topic 1"}));
  webhook.err().wait_for("registered");
  must(service.client.delete_webhook(k_id));
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK_FALSE(contains(webhook.err().text(), "warning"));
}

TEST_CASE("a webhook stays behind with --keep-webhook") {
  const Service service;
  WebhookCommand webhook(at(service, {"--register", "topic 1", "--keep-webhook"}));
  webhook.err().wait_for("registered");
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK(webhooks_on(service).size() == 1);
}

TEST_CASE("flags that are about a registration need one") {
  for (const Arguments& flags : {Arguments{"--keep-webhook"}, Arguments{"--ngrok"},
                                 Arguments{"--public-url", "http://x/"}}) {
    Arguments all = WebhookCommand::with(flags);
    all.emplace_back("--no-verify");
    const Outcome outcome = run_command(all);
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, flags.front() + " needs --register TOPIC"));
  }
  const Outcome both = run_command(
      WebhookCommand::with({"--register", "t", "--ngrok", "--public-url", "https://x.example/"}));
  CHECK(both.exit_code == 2);
  const Outcome bad = run_command(WebhookCommand::with({"--register", "t", "--public-url", "x"}));
  CHECK(bad.exit_code == 2);
  CHECK(contains(bad.err, "--public-url: URL \"x\""));
  const Outcome api =
      run_command(WebhookCommand::with({"--register", "t", "--ngrok", "--ngrok-api", "x"}));
  CHECK(api.exit_code == 2);
  CHECK(contains(api.err, "--ngrok-api: URL \"x\""));
}

TEST_CASE("the URL of ngrok's tunnel to us is registered") {
  const Service service;
  NgrokAgent agent;
  // Which port is ours is known once it is bound: so the port is chosen first.
  int port = 0;
  {
    const WebhookCommand probe({"--no-verify"});
    port = probe.port();
  }
  agent.set_tunnels({{"https://abc.ngrok.app", "http://localhost:" + std::to_string(port)}});
  const Arguments arguments =
      at(service, {"serve-webhook", "--listen", "127.0.0.1:" + std::to_string(port), "--path",
                   "/hook", "--register", "topic 1", "--ngrok"});
  const auto registered_by = [&](const Arguments& more) {
    Arguments all = arguments;
    all.insert(all.end(), more.begin(), more.end());
    Command webhook(all);
    webhook.err().wait_for("registered for \"topic 1\" as https://abc.ngrok.app/hook\n");
    const auto webhooks = webhooks_on(service);
    CHECK(webhooks.at(0).url == "https://abc.ngrok.app/hook");
    CHECK(webhook.interrupt_and_wait() == 130);
    CHECK(webhooks_on(service).empty());
  };
  registered_by({"--ngrok-api", agent.api()});
  const Variable variable("NGROK_API", agent.api());
  registered_by({});
}

TEST_CASE("an agent without a tunnel to us is told with what to type") {
  const Service service;
  NgrokAgent agent;
  const Outcome outcome = run_command(at(
      service, WebhookCommand::with({"--register", "t", "--ngrok", "--ngrok-api", agent.api()})));
  CHECK(outcome.exit_code == 4);
  CHECK(
      contains(outcome.err, "the ngrok agent at " + agent.api() + " has no https tunnel to port "));
  CHECK(contains(outcome.err, "  help: start one: ngrok http "));
  CHECK(webhooks_on(service).empty());
}

TEST_CASE("ngrok is started if none runs and ended with us") {
  const Service service;
  const TempDirectory folder;
  const std::string ids = folder.file("ids");
  std::string nowhere;
  {
    NgrokAgent agent;
    nowhere = agent.api();
  }
  const Variable path("PATH", folder.path() + ":" + std::getenv("PATH"));
  const auto arguments = at(
      service, WebhookCommand::with({"--register", "topic 1", "--ngrok", "--ngrok-api", nowhere}));
  folder.write("ngrok", "#!/bin/sh\necho \"$$ $*\" >> " + ids + "\nexec sleep 1000\n");
  std::filesystem::permissions(folder.file("ngrok"), std::filesystem::perms::owner_all);
  std::string id;
  {
    Command webhook(arguments);
    webhook.err().wait_for("starting ngrok http ");
    REQUIRE(eventually([&] { return content_of(ids).ends_with('\n'); }));
    CHECK(contains(content_of(ids), " http "));
    id = content_of(ids).substr(0, content_of(ids).find(' '));
    CHECK(std::filesystem::exists("/proc/" + id));
    CHECK(webhook.interrupt_and_wait() == 130);
  }
  CHECK_FALSE(std::filesystem::exists("/proc/" + id));

  folder.write("ngrok", "#!/bin/sh\nexit 7\n");
  const Outcome outcome = run_command(arguments);
  CHECK(outcome.exit_code == 4);
  CHECK(contains(outcome.err, "ngrok exited with 7"));
}

TEST_CASE("without ngrok it is told where to get it") {
  const Service service;
  const TempDirectory empty;
  std::string nowhere;
  {
    NgrokAgent agent;
    nowhere = agent.api();
  }
  const Variable path("PATH", empty.path());
  const Outcome outcome = run_command(
      at(service, WebhookCommand::with({"--register", "t", "--ngrok", "--ngrok-api", nowhere})));
  CHECK(outcome.exit_code == 4);
  CHECK(contains(outcome.err, "ngrok is not installed"));
  CHECK(contains(outcome.err, "--public-url"));
}

TEST_CASE("serve-webhook speaks TLS with its certificate") {
  const TempDirectory folder;
  const auto certificates = make_certificates();
  const std::string authority = folder.write("ca", certificates.authority);
  const std::string cert = folder.write("cert", certificates.server);
  const std::string key = folder.write("key", certificates.server_key);
  WebhookCommand webhook({"--no-verify", "--tls-cert", cert, "--tls-key", key});
  const std::string url = webhook.url();
  REQUIRE(url.starts_with("https://127.0.0.1:"));
  httplib::SSLClient client("127.0.0.1",
                            std::stoi(url.substr(std::string("https://127.0.0.1:").size())));
  client.set_ca_cert_path(authority.c_str());
  client.enable_server_certificate_verification(true);
  const auto answer = client.Post("/", webhook::to_json(event_now("hello")), "application/json");
  REQUIRE(answer);
  CHECK(answer->status == 200);

  const Outcome half = run_command(WebhookCommand::with({"--no-verify", "--tls-cert", cert}));
  CHECK(half.exit_code == 2);
  const Outcome wrong =
      run_command(WebhookCommand::with({"--no-verify", "--tls-cert", authority, "--tls-key", key}));
  CHECK(wrong.exit_code == 3);
  CHECK(contains(wrong.err, key));
}
