// SPDX-License-Identifier: Apache-2.0
// Starting, stopping and moving a broker while its clients do their worst.
#include "support/condition.hpp"
#include "support/http_endpoint.hpp"
#include "support/service.hpp"
#include "support/temp_directory.hpp"
#include "wire/methods.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

using namespace topicloop;
using namespace topicloop::test;
using broker::Broker;
using model::Value;

namespace {

broker::BrokerOptions short_drain() {
  auto options = options_for_tests();
  options.drain = std::chrono::milliseconds(20);
  return options;
}

// A call that has begun and never sends its request.
class MuteCall {
public:
  MuteCall(const std::string& endpoint, std::string_view method)
      : stub_(grpc::CreateChannel(endpoint, grpc::InsecureChannelCredentials())),
        call_(stub_.PrepareCall(&context_, std::string(method), &queue_)) {
    call_->StartCall(nullptr);
    next();
    call_->ReadInitialMetadata(nullptr);
  }
  MuteCall(const MuteCall&) = delete;
  MuteCall& operator=(const MuteCall&) = delete;
  ~MuteCall() {
    context_.TryCancel();
    queue_.Shutdown();
    while (next()) {
    }
  }

private:
  bool next() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok);
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace

TEST_CASE("a broker can be destroyed right after it was started") {
  for (int i = 0; i < 20; ++i)
    must(Broker::start(options_for_tests()));
}

TEST_CASE("a broker that cannot start says so and leaves nothing behind") {
  const TempDirectory directory;
  auto bad_cache = options_for_tests();
  bad_cache.caches = {"good", " "};
  const auto without_name = Broker::start(std::move(bad_cache));
  REQUIRE_FALSE(without_name);
  CHECK(without_name.error().kind == ErrorKind::InvalidArgument);

  // gRPC decodes the path it is given, so this one is free for us and impossible for it.
  std::filesystem::create_directory(directory.file("a%2Fb"));
  auto options = options_for_tests();
  options.address = "unix:" + directory.file("a%2Fb/socket");
  const auto broker = Broker::start(std::move(options));
  REQUIRE_FALSE(broker);
  CHECK(broker.error().kind == ErrorKind::Unavailable);
}

TEST_CASE("a file that is no socket is not deleted to listen in its place") {
  const TempDirectory directory;
  const std::string path = directory.write("precious.txt", "years of work");
  auto options = options_for_tests();
  options.address = "unix:" + path;
  const auto broker = Broker::start(std::move(options));
  REQUIRE_FALSE(broker);
  CHECK(broker.error().kind == ErrorKind::Unavailable);
  CHECK(std::filesystem::file_size(path) == 13);
}

TEST_CASE("a socket that a dead service left behind is replaced") {
  const TempDirectory directory;
  const std::string path = directory.file("socket");
  {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.copy(name.sun_path, sizeof(name.sun_path) - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
    ::close(fd);
  }
  REQUIRE(std::filesystem::is_socket(path));
  auto options = options_for_tests();
  options.address = "unix:" + path;
  const Service service(std::move(options));
  CHECK(service.client.ping());
}

TEST_CASE("a moved broker serves on and the one it replaces stops") {
  auto first = must(Broker::start(options_for_tests()));
  auto second = must(Broker::start(options_for_tests()));
  const auto to_first = client_of(first.endpoint());
  const auto to_second = client_of(second.endpoint());
  CHECK(to_first.ping());
  CHECK(to_second.ping());
  first = std::move(second);
  CHECK_FALSE(to_first.ping());
  CHECK(to_second.ping());
  const Broker third = std::move(first);
  CHECK(to_second.ping());
}

TEST_CASE("stop can be called again and from many threads") {
  for (int round = 0; round < 10; ++round) {
    Service service;
    auto subscription = service.subscribe("t");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] { service.broker.stop(); });
    for (auto& thread : threads)
      thread.join();
    service.broker.stop();
    CHECK(end_of(subscription).kind == ErrorKind::Unavailable);
    CHECK_FALSE(service.client.ping());
  }
}

TEST_CASE("calls that never send their request do not outlive a stop") {
  for (int round = 0; round < 30; ++round) {
    Service service(short_drain());
    const MuteCall control(service.broker.endpoint(), wire::k_ping);
    const MuteCall publish(service.broker.endpoint(), wire::k_publish);
    const MuteCall subscribe(service.broker.endpoint(), wire::k_subscribe);
    must(service.client.ping());
    service.broker.stop();
  }
}

TEST_CASE("subscribers that do not read do not hold up a stop and see an outage") {
  for (int round = 0; round < 5; ++round) {
    auto options = short_drain();
    options.heartbeat_period = std::chrono::milliseconds(1);
    Service service(std::move(options));
    std::vector<topic::Subscription> subscriptions;
    for (int i = 0; i < 10; ++i)
      subscriptions.push_back(service.subscribe("t"));
    for (int i = 0; i < 20; ++i)
      service.publish("t", std::string(100'000, 'x'));
    service.broker.stop();
    for (auto& subscription : subscriptions)
      CHECK(end_of(subscription).kind == ErrorKind::Unavailable);
  }
}

TEST_CASE("whoever calls during a stop is answered, and by its end all are refused") {
  for (int round = 0; round < 10; ++round) {
    Service service;
    std::atomic<bool> over = false;
    Collector<Error> errors;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, i] {
        while (!over) {
          if (i == 0) {
            const auto published = service.client.publish(k_cache, "t", Value::text("x"));
            if (!published) errors.add(published.error());
          } else {
            auto subscription = service.client.subscribe(k_cache, "t");
            errors.add(subscription ? end_of(*subscription) : subscription.error());
          }
        }
      });
    }
    CHECK(eventually([&] { return service.client.publish(k_cache, "t", Value::text("x")); }));
    service.broker.stop();
    over = true;
    for (auto& thread : threads)
      thread.join();
    for (const auto& error : errors.items()) {
      INFO(error.message);
      // What arrives at the very moment gRPC itself cancels.
      CHECK((error.kind == ErrorKind::Unavailable || error.kind == ErrorKind::Cancelled));
    }
    CHECK(service.client.ping().error().kind == ErrorKind::Unavailable);
  }
}

TEST_CASE("deliveries that end while the broker stops are all reported once") {
  for (int round = 0; round < 10; ++round) {
    HttpEndpoint endpoint;
    Collector<broker::DeliveryReport> reports;
    auto options = options_for_tests();
    options.drain = std::chrono::milliseconds(round);
    options.on_delivery = [&](const broker::DeliveryReport& report) { reports.add(report); };
    Service service(std::move(options));
    must(service.client.put_webhook({{k_cache, "w"}, "t", endpoint.url()}));
    constexpr std::size_t k_messages = 100;
    for (std::size_t i = 0; i < k_messages; ++i)
      service.publish("t", "x");
    service.broker.stop();
    std::size_t told = 0;
    for (const auto& report : reports.items()) {
      if (std::holds_alternative<broker::DeliveryFinished>(report)) ++told;
      if (const auto* lost = std::get_if<broker::DeliveriesLost>(&report)) {
        told += lost->last - lost->first + 1;
      }
    }
    CHECK(told == k_messages);
  }
}

TEST_CASE("a heartbeat period of nothing does not keep the broker from its work") {
  auto options = options_for_tests();
  options.heartbeat_period = std::chrono::milliseconds(0);
  const Service service(std::move(options));
  auto subscription = service.subscribe("t");
  service.publish("t", "x");
  CHECK(next_message(subscription).value.bytes == "x");
}
