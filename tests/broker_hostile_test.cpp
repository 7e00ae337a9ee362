// SPDX-License-Identifier: Apache-2.0
// Whatever arrives on the port, the service goes on serving everybody else.
#include "support/raw_call.hpp"
#include "support/raw_client.hpp"
#include "support/service.hpp"
#include "wire/methods.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>
#include <random>

using namespace topicloop;
using namespace topicloop::test;

namespace {

constexpr std::string_view k_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::string_view k_empty_settings("\0\0\0\x04\0\0\0\0\0", 9);

int port_of(const Service& service) {
  const std::string& endpoint = service.broker.endpoint();
  return std::stoi(endpoint.substr(endpoint.rfind(':') + 1));
}

std::string random_bytes(std::mt19937& random, std::size_t most) {
  std::uniform_int_distribution<int> byte(0, 255);
  std::string bytes(std::uniform_int_distribution<std::size_t>(0, most)(random), '\0');
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(byte(random)); });
  return bytes;
}

// An HTTP/2 frame that is well formed as far as its head.
std::string frame(std::mt19937& random) {
  const std::string body = random_bytes(random, 300);
  const auto any = [&](unsigned most) {
    return static_cast<char>(std::uniform_int_distribution<unsigned>(0, most)(random));
  };
  const auto size = static_cast<unsigned>(body.size());
  std::string head{'\0', static_cast<char>(size >> 8U), static_cast<char>(size & 255U)};
  head += {any(10), any(255), '\0', '\0', '\0', any(7)};
  return head + body;
}

// Old subscribers and new ones get what is published.
class Bystander {
public:
  explicit Bystander(const Service& service)
      : service_(service), subscription_(service.subscribe("bystander")) {}

  void check() {
    service_.publish("bystander", "still here");
    CHECK(next_message(subscription_).value.bytes == "still here");
    CHECK(client_of(service_.broker.endpoint()).ping());
  }

private:
  const Service& service_;
  topic::Subscription subscription_;
};

constexpr std::string_view k_all_methods[] = {
    wire::k_publish,
    wire::k_subscribe,
    wire::k_create_cache,
    wire::k_delete_cache,
    wire::k_flush_cache,
    wire::k_list_caches,
    wire::k_put_webhook,
    wire::k_delete_webhook,
    wire::k_list_webhooks,
    wire::k_get_webhook_secret,
    wire::k_rotate_webhook_secret,
    wire::k_ping,
};

}  // namespace

TEST_CASE("random bytes on the port disturb nobody") {
  const Service service;
  Bystander bystander(service);
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    const RawClient client(port_of(service));
    client.send(random_bytes(random, 2'000));
  }
  bystander.check();
}

TEST_CASE("what begins as HTTP/2 and goes on as garbage is cut off and disturbs nobody") {
  const Service service;
  Bystander bystander(service);
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    const RawClient client(port_of(service));
    client.send(k_preface);
    client.send(k_empty_settings);
    for (int frames = 0; frames < 10; ++frames)
      client.send(seed % 2 == 0 ? frame(random) : random_bytes(random, 300));
  }
  bystander.check();
}

TEST_CASE("a frame longer than the service takes ends its connection") {
  const Service service;
  Bystander bystander(service);
  RawClient client(port_of(service));
  client.send(k_preface);
  client.send(k_empty_settings);
  client.send(std::string("\xFF\xFF\xFF\0\0\0\0\0\1", 9));
  client
      .receive_all();  // Returns because the service closes, or the test's deadline cuts it short.
  CHECK(client.is_closed_by_peer());
  bystander.check();
}

TEST_CASE("an HTTP/1 request is refused and disturbs nobody") {
  const Service service;
  Bystander bystander(service);
  RawClient client(port_of(service));
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.receive_all();
  CHECK(client.is_closed_by_peer());
  bystander.check();
}

TEST_CASE("connections on which nothing or half a preface arrives disturb nobody") {
  const Service service;
  Bystander bystander(service);
  std::vector<std::unique_ptr<RawClient>> silent;
  for (std::size_t i = 0; i < 100; ++i) {
    silent.push_back(std::make_unique<RawClient>(port_of(service)));
    silent.back()->send(k_preface.substr(0, i % k_preface.size()));
  }
  bystander.check();
}

TEST_CASE("half-open connections do not hold up a stop") {
  Service service;
  const RawClient silent(port_of(service));
  const RawClient greeted(port_of(service));
  greeted.send(k_preface);
  must(service.client.ping());
  service.broker.stop();
  CHECK_FALSE(service.client.ping());
}

TEST_CASE("garbage as the request of any call is answered and never by INTERNAL") {
  const Service service;
  Bystander bystander(service);
  for (unsigned seed = 1; seed <= 10; ++seed) {
    std::mt19937 random(seed);
    for (const auto method : k_all_methods) {
      // Field 1 with a length that is never there.
      const auto status =
          raw_call(service.broker.endpoint(), method, "\x0A\x7F" + random_bytes(random, 50));
      INFO("seed " << seed << ", " << method << ": " << status.error_message());
      const bool ignores_its_request = method == wire::k_ping;
      CHECK(status.error_code() ==
            (ignores_its_request ? grpc::StatusCode::OK : grpc::StatusCode::INVALID_ARGUMENT));
      const auto other = raw_call(service.broker.endpoint(), method, random_bytes(random, 50));
      CHECK(other.error_code() != grpc::StatusCode::INTERNAL);
    }
  }
  bystander.check();
}
