// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const Arguments k_put{
    "webhook", "put", "upper", "--topic", "topic 1", "--url", "http://127.0.0.1:1/"};

std::string line_of(const std::string& out) {
  REQUIRE_FALSE(out.empty());
  REQUIRE(out.find('\n') == out.size() - 1);
  return out.substr(0, out.size() - 1);
}

}  // namespace

TEST_CASE("webhook put creates a webhook and prints its secret and nothing else") {
  const Service service;
  const Outcome outcome = run_command(at(service, k_put));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK(line_of(outcome.out) == must(service.client.webhook_secret({k_cache, "upper"})));
  const auto webhooks = must(service.client.list_webhooks(k_cache));
  REQUIRE(webhooks.size() == 1);
  CHECK(webhooks[0] == model::Webhook{{k_cache, "upper"}, "topic 1", "http://127.0.0.1:1/"});
}

TEST_CASE("webhook put of one that exists changes it and keeps its secret") {
  const Service service;
  const Outcome first = run_command(at(service, k_put));
  const Outcome second = run_command(
      at(service, {"webhook", "put", "upper", "--topic", "other", "--url", "http://127.0.0.1:2/"}));
  CHECK(second.exit_code == 0);
  CHECK(first.out == second.out);
  CHECK(must(service.client.list_webhooks(k_cache)).at(0).topic == "other");
}

TEST_CASE("webhook list shows name and topic and URL separated by tabs") {
  const Service service;
  const Outcome none = run_command(at(service, {"webhook", "list"}));
  CHECK(none.exit_code == 0);
  CHECK(none.out.empty());
  run_command(at(service, k_put));
  const Outcome one = run_command(at(service, {"webhook", "list"}));
  CHECK(one.exit_code == 0);
  CHECK(one.out == "upper\ttopic 1\thttp://127.0.0.1:1/\n");
  CHECK(one.err.empty());
}

TEST_CASE("webhook secret prints the secret in force and rotate replaces it") {
  const Service service;
  const Outcome put = run_command(at(service, k_put));
  const Outcome secret = run_command(at(service, {"webhook", "secret", "upper"}));
  CHECK(secret.exit_code == 0);
  CHECK(secret.out == put.out);
  const Outcome rotated = run_command(at(service, {"webhook", "rotate", "upper"}));
  CHECK(rotated.exit_code == 0);
  CHECK(line_of(rotated.out) != line_of(secret.out));
  CHECK(run_command(at(service, {"webhook", "secret", "upper"})).out == rotated.out);
}

TEST_CASE("webhook delete removes it and says nothing") {
  const Service service;
  run_command(at(service, k_put));
  const Outcome outcome = run_command(at(service, {"webhook", "delete", "upper"}));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.empty());
  CHECK(must(service.client.list_webhooks(k_cache)).empty());
}

TEST_CASE("webhook commands write records under -o json") {
  const Service service;
  Arguments put = k_put;
  put.insert(put.end(), {"-o", "json"});
  const auto created = run_command(at(service, put)).records();
  REQUIRE(created.size() == 1);
  CHECK(created[0] ==
        nlohmann::json{{"v", 1},
                       {"type", "webhook_secret"},
                       {"cache", k_cache},
                       {"name", "upper"},
                       {"secret", must(service.client.webhook_secret({k_cache, "upper"}))}});
  CHECK(run_command(at(service, {"webhook", "secret", "upper", "-o", "json"})).records() ==
        created);
  CHECK(run_command(at(service, {"webhook", "list", "-o", "json"})).records().at(0) ==
        nlohmann::json{{"v", 1},
                       {"type", "webhook"},
                       {"cache", k_cache},
                       {"name", "upper"},
                       {"topic", "topic 1"},
                       {"url", "http://127.0.0.1:1/"}});
  const auto rotated = run_command(at(service, {"webhook", "rotate", "upper", "-o", "json"}));
  CHECK(rotated.records().at(0)["type"] == "webhook_secret");
  CHECK(rotated.records().at(0)["secret"] != created[0]["secret"]);
  CHECK(run_command(at(service, {"webhook", "delete", "upper", "-o", "json"})).out.empty());
}

TEST_CASE("a webhook that does not exist is refused with 5 and its name") {
  const Service service;
  for (const char* action : {"secret", "rotate", "delete"}) {
    const Outcome outcome = run_command(at(service, {"webhook", action, "nope", "-o", "json"}));
    INFO(outcome.err);
    CHECK(outcome.exit_code == 5);
    CHECK(contains(outcome.err, "nope"));
    CHECK(outcome.records().at(0)["exit_code"] == 5);
  }
}

TEST_CASE("a URL that is none is refused by the service with 5") {
  const Service service;
  for (const char* url : {"here", "ftp://here/", ""}) {
    const Outcome outcome =
        run_command(at(service, {"webhook", "put", "n", "--topic", "t", "--url", url}));
    INFO(outcome.err);
    CHECK(outcome.exit_code == 5);
    CHECK(contains(outcome.err, url));
  }
  CHECK(must(service.client.list_webhooks(k_cache)).empty());
}
