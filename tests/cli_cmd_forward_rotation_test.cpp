// SPDX-License-Identifier: Apache-2.0
// `forward --webhook`: the secret may be rotated at any time and no message is lost by that.
#include "cli/dead_letters.hpp"
#include "support/forward_command.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const model::WebhookId k_id{k_cache, "w"};

// An endpoint that knows one secret, as a handler with a configuration does.
class Verifying {
public:
  explicit Verifying(std::string secret, int refusal = 403)
      : secret_(std::move(secret)), refusal_(refusal) {}

  void rotate(const std::string& secret) {
    const std::lock_guard lock(mutex_);
    secret_ = secret;
  }

  std::vector<std::string> accepted() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
  }

  HttpEndpoint::Script script() {
    return [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      const bool genuine = request.get_header_value("momento-signature") ==
                           webhook::Signer(secret_).sign(request.body);
      if (genuine) accepted_.push_back(event_of(request).text);
      response.status = genuine ? 200 : refusal_;
    };
  }

private:
  mutable std::mutex mutex_;
  std::string secret_;
  const int refusal_;
  std::vector<std::string> accepted_;
};

std::string put_webhook(const Service& service) {
  return must(service.client.put_webhook({k_id, "elsewhere", "http://127.0.0.1:1/"}));
}

std::vector<std::string> numbers(int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i)
    texts.push_back(std::to_string(i));
  return texts;
}

}  // namespace

TEST_CASE("what is refused because the secret was rotated is signed anew and delivered") {
  const std::vector<Arguments> modes = {{"--ordered"}, {"--concurrency", "4"}, {"--retry", "0"}};
  for (const Arguments& mode : modes) {
    for (const int refusal : {401, 403}) {
      INFO(mode.front() << " " << refusal);
      const Service service;
      Verifying handler(put_webhook(service), refusal);
      const HttpEndpoint endpoint(handler.script());
      Arguments more = {"--webhook", "w", "-n", "20", "-o", "json"};
      more.insert(more.end(), mode.begin(), mode.end());
      Command command(forward_from(service, endpoint.url(), more));
      command.out().wait_for("\"type\":\"ready\"");
      std::string secret;
      for (int i = 0; i < 20; ++i) {
        // The rotation is known to the handler first, then to the service, then to forward.
        if (i == 10) {
          secret = must(service.client.rotate_webhook_secret(k_id));
          handler.rotate(secret);
        }
        service.publish("t", std::to_string(i));
      }
      CHECK(command.wait() == 0);
      auto accepted = handler.accepted();
      if (mode.front() != "--ordered") std::sort(accepted.begin(), accepted.end());
      auto expected = numbers(20);
      if (mode.front() != "--ordered") std::sort(expected.begin(), expected.end());
      CHECK(accepted == expected);
      CHECK(contains(command.err().text(), "was rotated; what was refused is signed anew\n"));
      CHECK_FALSE(contains(command.err().text() + command.out().text(), secret));
      const auto deliveries = records_of(command.records(), "delivery");
      const auto refused = std::find_if(deliveries.begin(), deliveries.end(),
                                        [&](const auto& d) { return d["status"] == refusal; });
      REQUIRE(refused != deliveries.end());
      CHECK((*refused)["retry_in_ms"] == 0);  // Not the last word on the message.
    }
  }
}

TEST_CASE("an attempt after a rotation is counted on from those before") {
  const Service service;
  Verifying handler("another secret");
  const HttpEndpoint endpoint(handler.script());
  put_webhook(service);
  // Rotated between forward's start and its first delivery.
  Command command(at(service, {"forward", "t", "--to", endpoint.url(), "--webhook", "w", "-n", "1",
                               "-o", "json"}));
  command.out().wait_for("\"type\":\"ready\"");
  handler.rotate(must(service.client.rotate_webhook_secret(k_id)));
  service.publish("t", "a");
  CHECK(command.wait() == 0);
  const auto deliveries = records_of(command.records(), "delivery");
  REQUIRE(deliveries.size() == 2);
  CHECK(deliveries[0]["attempt"] == 1);
  CHECK(deliveries[1]["attempt"] == 2);
  CHECK(records_of(command.records(), "summary").at(0)["retries"] == 1);
}

TEST_CASE("an endpoint that gets a new secret later than another one loses nothing") {
  const Service service;
  const std::string first = put_webhook(service);
  Verifying early(first);
  Verifying late(first);
  const HttpEndpoint one(early.script());
  const HttpEndpoint two(late.script());
  Command command(forward_from(service, one.url(),
                               {"--to", two.url(), "--webhook", "w", "-n", "2", "-o", "json"}));
  command.out().wait_for("\"type\":\"ready\"");
  service.publish("t", "before");
  REQUIRE(eventually([&] { return early.accepted().size() + late.accepted().size() == 2; }));
  const std::string second = must(service.client.rotate_webhook_secret(k_id));
  early.rotate(second);
  service.publish("t", "after");
  REQUIRE(eventually([&] { return early.accepted().size() == 2; }));
  // It has accepted what was signed with the old secret, or refused what was with the new one.
  REQUIRE(eventually([&] { return two.requests().size() >= 2; }));
  late.rotate(second);
  CHECK(command.wait() == 0);
  CHECK(late.accepted() == std::vector<std::string>{"before", "after"});
}

TEST_CASE("what is refused although the secret is right has failed as ever") {
  const TempDirectory directory;
  const Service service;
  put_webhook(service);
  Verifying handler("what nobody signs with");
  const HttpEndpoint endpoint(handler.script());
  service.publish("t", "a");
  service.publish("t", "b");
  const Outcome outcome =
      run_command(forward_from(service, endpoint.url(), {"--webhook", "w", "-n", "2"}));
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "2 deliveries failed"));
  CHECK(endpoint.requests().size() == 2);
  const Outcome kept =
      run_command(forward_from(service, endpoint.url(),
                               {"--webhook", "w", "-n", "2", "--ordered", "--dead-letter",
                                directory.file("dead.jsonl"), "-o", "json"}));
  CHECK(kept.exit_code == 0);
  CHECK(records_of(kept.records(), "summary").at(0)["dead_lettered"] == 2);
}

TEST_CASE("a webhook that is gone makes a refusal final and says why nothing else was tried") {
  const Service service;
  put_webhook(service);
  Verifying handler("another");
  const HttpEndpoint endpoint(handler.script());
  Command command(
      at(service, {"forward", "t", "--to", endpoint.url(), "--webhook", "w", "-n", "1"}));
  command.err().wait_for("forwarding");
  must(service.client.delete_webhook(k_id));
  service.publish("t", "a");
  CHECK(command.wait() == 1);
  CHECK(contains(command.err().text(), "warning: the secret of webhook \"w\": "));
}

TEST_CASE("a stop while the service is asked for the secret leaves the message for the next run") {
  const TempDirectory directory;
  auto options = options_for_tests();
  options.address = "unix:" + directory.file("socket");
  auto service = std::make_unique<Service>(options);
  put_webhook(*service);
  // Its service is gone before the refusal is there, so that the question stays open.
  const HttpEndpoint endpoint([&](const auto&, auto& response) {
    service.reset();
    response.status = 403;
  });
  Command command(at(*service, {"forward", "t", "--to", endpoint.url(), "--webhook", "w"}));
  command.err().wait_for("forwarding");
  service->publish("t", "a");
  command.err().wait_for("the secret of webhook \"w\": ");
  CHECK(command.interrupt_and_wait() == 130);
  CHECK(contains(command.err().text(), "not yet delivered: 1 of 1 received\n"));
}
