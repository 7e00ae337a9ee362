// SPDX-License-Identifier: Apache-2.0
// Services that keep their state, one after the other on the same directory.
#include "support/condition.hpp"
#include "support/descriptors.hpp"
#include "support/http_endpoint.hpp"
#include "support/service.hpp"
#include "support/temp_directory.hpp"
#include "webhook/signature.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <optional>

using namespace topicloop;
using namespace topicloop::test;
using Names = std::vector<std::string>;

namespace {

class Restarting {
public:
  // As serve-topics without --cache.
  Restarting() { start({}); }

  void start(const Names& caches) {
    service_.reset();  // Its directory must be free again.
    broker::BrokerOptions options;
    options.caches = caches;
    options.first_caches = {k_cache};
    options.state_directory = directory();
    options.on_state_failure = [this](const Error& error) { failures.add(error); };
    service_.emplace(std::move(options));
  }
  void restart() { start({}); }
  void stop() { service_.reset(); }

  const Service& operator*() const { return *service_; }
  const Service* operator->() const { return &*service_; }
  std::string directory() const { return parent_.file("state"); }
  std::string file() const { return directory() + "/state.json"; }
  void break_disk() const { std::filesystem::create_directory(file() + ".new"); }
  void mend_disk() const { std::filesystem::remove(file() + ".new"); }

  Collector<Error> failures;

private:
  TempDirectory parent_;
  std::optional<Service> service_;
};

std::uint64_t page_of(const Service& service) {
  auto subscription = service.subscribe("page");
  service.publish("page", "x");
  return next_message(subscription).sequence_page;
}

const model::Webhook k_hook{{k_cache, "hook"}, "t", "http://127.0.0.1:9/"};

}  // namespace

TEST_CASE("caches made and deleted are so after a restart") {
  Restarting service;
  must(service->client.create_cache("made"));
  must(service->client.create_cache("gone"));
  must(service->client.delete_cache("gone"));
  service.restart();
  CHECK(must(service->client.list_caches()) == Names{k_cache, "made"});
  CHECK(service->broker.caches() == Names{k_cache, "made"});
}

TEST_CASE("a deleted default cache stays deleted unless it is asked for") {
  Restarting service;
  must(service->client.delete_cache(k_cache));
  service.restart();
  CHECK(must(service->client.list_caches()).empty());
  service.start({k_cache, "other"});
  CHECK(must(service->client.list_caches()) == Names{k_cache, "other"});
  service.restart();
  CHECK(must(service->client.list_caches()) == Names{k_cache, "other"});
}

TEST_CASE("webhooks are there after a restart with their secrets, the last one rotated to") {
  Restarting service;
  must(service->client.put_webhook(k_hook));
  auto other = k_hook;
  other.id.name = "other";
  const auto kept = must(service->client.put_webhook(other));
  const auto rotated = must(service->client.rotate_webhook_secret(k_hook.id));
  auto deleted = k_hook;
  deleted.id.name = "deleted";
  must(service->client.put_webhook(deleted));
  must(service->client.delete_webhook(deleted.id));
  service.restart();
  CHECK(must(service->client.list_webhooks(k_cache)) == std::vector{k_hook, other});
  CHECK(must(service->client.webhook_secret(k_hook.id)) == rotated);
  CHECK(must(service->client.webhook_secret(other.id)) == kept);
  CHECK(must(service->client.put_webhook(k_hook)) == rotated);
}

TEST_CASE("a webhook of an earlier service delivers what is published now, signed as before") {
  const HttpEndpoint endpoint;
  Restarting service;
  auto hook = k_hook;
  hook.url = endpoint.url("/first");
  const auto secret = must(service->client.put_webhook(hook));
  hook.url = endpoint.url("/now");
  must(service->client.put_webhook(hook));
  service.restart();
  service->publish("t", "hello");
  REQUIRE(eventually([&] { return !endpoint.requests().empty(); }));
  const auto request = endpoint.requests().at(0);
  CHECK(request.path == "/now");
  CHECK(request.get_header_value("momento-signature") ==
        webhook::Signer(secret).sign(request.body));
}

TEST_CASE("a deleted cache takes its webhooks with it, also over a restart") {
  Restarting service;
  must(service->client.put_webhook(k_hook));
  must(service->client.delete_cache(k_cache));
  service.start({k_cache});
  CHECK(must(service->client.list_webhooks(k_cache)).empty());
}

TEST_CASE("a subscriber that resumes after a restart is told that the numbering started over") {
  Restarting service;
  for (int i = 0; i < 3; ++i)
    service->publish("t", "old");
  const std::uint64_t page = page_of(*service);
  service.restart();
  service->publish("t", "new");
  auto subscription = service->subscribe("t", {4, page});
  const auto gap = std::get<model::Discontinuity>(next_but_heartbeats(subscription));
  CHECK(gap.last_topic_sequence == 4);
  CHECK(gap.new_topic_sequence == 0);
  CHECK(gap.new_sequence_page > page);
  CHECK(next_message(subscription).value.bytes == "new");
}

TEST_CASE("pages rise over every restart, also if the clock was set back") {
  Restarting service;
  std::uint64_t last = page_of(*service);
  for (int round = 0; round < 3; ++round) {
    must(service->client.delete_cache(k_cache));
    must(service->client.create_cache(k_cache));
    service.stop();
    // As if all this had happened years from now.
    auto state = nlohmann::json::parse(content_of(service.file()));
    CHECK(state["next_sequence_page"] > last);
    if (round == 0) state["next_sequence_page"] = std::uint64_t{5'000'000'000'000};
    std::ofstream(service.file()) << state;
    service.restart();
    const std::uint64_t page = page_of(*service);
    CHECK(page > last);
    if (round == 0) CHECK(page == 5'000'000'000'000);
    last = page;
  }
}

TEST_CASE("a change that cannot be kept is refused with INTERNAL, not made, and told once") {
  Restarting service;
  const auto secret = must(service->client.put_webhook(k_hook));
  const auto& client = service->client;
  service.break_disk();
  auto changed = k_hook;
  changed.topic = "elsewhere";
  const std::vector<Error> refusals = {
      client.create_cache("c").error(),
      client.delete_cache(k_cache).error(),
      client.put_webhook(changed).error(),
      client.put_webhook({{k_cache, "more"}, "t", k_hook.url}).error(),
      client.rotate_webhook_secret(k_hook.id).error(),
      client.delete_webhook(k_hook.id).error(),
  };
  for (const auto& error : refusals) {
    CHECK(error.kind == ErrorKind::ServiceFailed);
    CHECK(error.message.find("state.json: Is a directory") != std::string::npos);
  }
  CHECK(service.failures.items().size() == 1);
  CHECK(must(client.list_caches()) == Names{k_cache});
  CHECK(must(client.list_webhooks(k_cache)) == std::vector{k_hook});
  CHECK(must(client.webhook_secret(k_hook.id)) == secret);
  service.mend_disk();
  service.restart();
  CHECK(must(service->client.webhook_secret(k_hook.id)) == secret);
}

TEST_CASE("a webhook of a cache that does not exist is refused and not kept") {
  Restarting service;
  const auto before = content_of(service.file());
  CHECK(service->client.put_webhook({{"nowhere", "hook"}, "t", k_hook.url}).error().kind ==
        ErrorKind::NotFound);
  CHECK(content_of(service.file()) == before);
}

TEST_CASE("two services do not share a state directory") {
  const Restarting first;
  broker::BrokerOptions options;
  options.state_directory = first.directory();
  const auto second = broker::Broker::start(std::move(options));
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::Unavailable);
}

TEST_CASE("a kept webhook that cannot work stops the start and is named") {
  Restarting service;
  must(service->client.put_webhook(k_hook));
  service.stop();
  auto state = nlohmann::json::parse(content_of(service.file()));
  state["webhooks"][0]["url"] = "nonsense";
  std::ofstream(service.file()) << state;
  broker::BrokerOptions options;
  options.state_directory = service.directory();
  const auto broken = broker::Broker::start(std::move(options));
  REQUIRE_FALSE(broken);
  CHECK(broken.error().kind == ErrorKind::BadInput);
  CHECK(broken.error().message.find("\"hook\"") != std::string::npos);
}
