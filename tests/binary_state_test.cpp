// SPDX-License-Identifier: Apache-2.0
// serve-topics --state, killed at any moment: what it has acknowledged is there again.
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/service.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <map>
#include <random>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// What there is to see: "cache", or "cache/webhook" with its topic, URL and secret.
using Content = std::map<std::string, std::string>;

// Stands for a secret that nobody was told.
constexpr const char* k_any_secret = " *";

std::string described(const model::Webhook& webhook, const std::string& secret) {
  return webhook.topic + " " + webhook.url + " " + secret;
}

Content content_of_service(const topic::Client& client) {
  Content content;
  for (const auto& cache : must(client.list_caches())) {
    content[cache] = "";
    for (const auto& webhook : must(client.list_webhooks(cache)))
      content[cache + "/" + webhook.id.name] =
          described(webhook, must(client.webhook_secret(webhook.id)));
  }
  return content;
}

bool matches(const Content& seen, const Content& wanted) {
  const auto same = [](const auto& a, const auto& b) {
    if (a.first != b.first) return false;
    if (!b.second.ends_with(k_any_secret)) return a.second == b.second;
    const auto known = b.second.size() + 1 - std::string_view(k_any_secret).size();
    return a.second.substr(0, known) == b.second.substr(0, known);
  };
  return std::equal(seen.begin(), seen.end(), wanted.begin(), wanted.end(), same);
}

void erase_cache(Content& content, const std::string& cache) {
  std::erase_if(content, [&](const auto& item) {
    return item.first == cache || item.first.starts_with(cache + "/");
  });
}

// Changes caches and webhooks one after the other until the service is gone. `acknowledged` is then
// what it must have, or `attempted` if it was killed over the last change.
class Changes {
public:
  Changes(unsigned seed, Content content) : acknowledged(std::move(content)), random_(seed) {}

  void make_until_it_is_gone(const topic::Client& client) {
    while (make_one(client)) {
      acknowledged = attempted;
      ++count;
    }
  }

  std::atomic<unsigned> count = 0;  // All that may be read while it works.
  Content acknowledged;
  Content attempted;

private:
  unsigned up_to(unsigned most) {
    return std::uniform_int_distribution<unsigned>(0, most)(random_);
  }

  // False once the service is gone. What it refuses changes nothing.
  bool make_one(const topic::Client& client) {
    attempted = acknowledged;
    const std::string cache = "cache " + std::to_string(up_to(2));
    const model::Webhook webhook{
        {cache, "hook " + std::to_string(up_to(2))}, "t" + std::to_string(up_to(9)), "http://h/"};
    const std::string key = cache + "/" + webhook.id.name;
    switch (up_to(7)) {
      case 0:
        attempted[cache] = "";
        return settle(client.create_cache(cache));
      case 1:
        erase_cache(attempted, cache);
        return settle(client.delete_cache(cache));
      case 2:
        attempted.erase(key);
        return settle(client.delete_webhook(webhook.id));
      case 3:
        return rotate(client, webhook.id, key);
      default:
        return put(client, webhook, key);
    }
  }

  bool put(const topic::Client& client, const model::Webhook& webhook, const std::string& key) {
    const auto before = acknowledged.find(key);
    attempted[key] =
        described(webhook, before == acknowledged.end() ? std::string(k_any_secret).substr(1)
                                                        : secret_in(before->second));
    const auto secret = client.put_webhook(webhook);
    if (secret) attempted[key] = described(webhook, *secret);
    return settle(secret);
  }

  bool rotate(const topic::Client& client, const model::WebhookId& id, const std::string& key) {
    const auto before = acknowledged.find(key);
    std::string known;
    if (before != acknowledged.end()) {
      known = before->second.substr(0, before->second.rfind(' '));
      attempted[key] = known + k_any_secret;
    }
    const auto secret = client.rotate_webhook_secret(id);
    if (secret) attempted[key] = known + " " + *secret;
    return settle(secret);
  }

  static std::string secret_in(const std::string& description) {
    return description.substr(description.rfind(' ') + 1);
  }

  template <typename T>
  bool settle(const Result<T>& outcome) {
    if (outcome) return true;
    if (outcome.error().kind == ErrorKind::Unavailable) return false;
    attempted = acknowledged;
    return true;
  }

  std::mt19937 random_;
};

struct Serving {
  explicit Serving(const std::string& directory)
      : process({"serve-topics", "--listen", "127.0.0.1:0", "--state", directory}),
        client(client_of(process.err().rest_of_line("serving topics on "))) {}

  Process process;
  topic::Client client;
};

}  // namespace

TEST_CASE("a service killed at any moment comes back with all it has acknowledged") {
  constexpr unsigned k_rounds = 15;
  const TempDirectory directory;
  std::mt19937 random(20'261'124);
  Content content{{"default-cache", ""}};
  std::uint64_t changes_made = 0;
  for (unsigned round = 1; round <= k_rounds; ++round) {
    INFO("round " << round);
    Serving serving(directory.file("state"));
    REQUIRE(matches(content_of_service(serving.client), content));

    Changes changes(round, content);
    std::thread thread([&] { changes.make_until_it_is_gone(serving.client); });
    const auto enough = std::uniform_int_distribution<unsigned>(0, 40)(random);
    const bool worked = eventually([&] { return changes.count >= enough; });
    // And on to somewhere within the next change.
    for (auto i = std::uniform_int_distribution<unsigned>(0, 2'000)(random); i > 0; --i)
      std::this_thread::yield();
    serving.process.signal(SIGKILL);
    thread.join();
    CHECK(worked);
    CHECK(serving.process.wait() == 1'000 + SIGKILL);
    changes_made += changes.count;

    const Serving again(directory.file("state"));
    content = content_of_service(again.client);
    REQUIRE((matches(content, changes.acknowledged) || matches(content, changes.attempted)));
  }
  CHECK(changes_made > k_rounds);
}

TEST_CASE("a state directory in use is refused by the program with 4 and its name") {
  const TempDirectory directory;
  const Serving first(directory.path());
  Process second({"serve-topics", "--listen", "127.0.0.1:0", "--state", directory.path()});
  CHECK(second.wait_for_all() == 4);
  CHECK(second.err().text().find(directory.path() + " is in use") != std::string::npos);
  CHECK(first.client.ping());
}
