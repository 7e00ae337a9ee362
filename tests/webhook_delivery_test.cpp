// SPDX-License-Identifier: Apache-2.0
#include "support/condition.hpp"
#include "support/http_endpoint.hpp"
#include "webhook/delivery.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <cstdlib>
#include <future>
#include <latch>

using namespace topicloop;
using namespace topicloop::webhook;
using topicloop::test::eventually;
using topicloop::test::HttpEndpoint;
using namespace std::chrono_literals;

namespace {

// What no test but a failing one waits for.
constexpr auto k_long = std::chrono::milliseconds(60s);

SignedRequest request_to(std::string url, std::string body = "{}") {
  return {std::move(url), {{"Content-Type", "application/json"}}, std::move(body), ""};
}

DeliveryOutcome deliver(DeliveryEngine& engine, SignedRequest request,
                        std::chrono::milliseconds timeout = k_long) {
  std::promise<DeliveryOutcome> promise;
  engine.submit(std::move(request), timeout,
                [&](DeliveryOutcome outcome) { promise.set_value(std::move(outcome)); });
  return promise.get_future().get();
}

// A port that is taken and refuses connections.
class ClosedPort {
public:
  ClosedPort() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address_), size) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address_), &size) == 0);
  }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  ~ClosedPort() { ::close(socket_); }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)) + "/";
  }

private:
  int socket_;
  sockaddr_in address_{};
};

class ScopedEnvironment {
public:
  ScopedEnvironment(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;
  ~ScopedEnvironment() { ::unsetenv(name_); }

private:
  const char* name_;
};

}  // namespace

TEST_CASE("a delivery arrives with exactly the given body and headers") {
  HttpEndpoint endpoint;
  DeliveryEngine engine;
  const std::string body("bytes \0 \xFF\n", 10);
  const DeliveryOutcome outcome =
      deliver(engine, {endpoint.url("/hook?a=1"),
                       {{"Content-Type", "application/json"}, {"User-Agent", "me/1.0"}},
                       body,
                       ""});
  CHECK(outcome.delivered());
  CHECK(outcome.status == 200);
  CHECK(outcome.error.empty());
  CHECK(outcome.latency > 0us);
  const auto requests = endpoint.requests();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].target == "/hook?a=1");
  CHECK(requests[0].body == body);
  CHECK(requests[0].get_header_value("Content-Type") == "application/json");
  CHECK(requests[0].get_header_value("User-Agent") == "me/1.0");
  CHECK(requests[0].get_header_value_count("User-Agent") == 1);
  CHECK_FALSE(requests[0].has_header("Expect"));
}

TEST_CASE("a large body is sent whole and an empty one too") {
  HttpEndpoint endpoint;
  DeliveryEngine engine;
  const std::string body(2U << 20U, 'x');
  CHECK(deliver(engine, request_to(endpoint.url(), body)).delivered());
  CHECK(deliver(engine, request_to(endpoint.url(), "")).delivered());
  const auto requests = endpoint.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].body == body);
  CHECK_FALSE(requests[0].has_header("Expect"));
  CHECK(requests[1].body.empty());
  CHECK(requests[1].get_header_value("Content-Length") == "0");
}

TEST_CASE("an answer other than 2xx is an answer but no delivery") {
  HttpEndpoint endpoint(
      [](auto& request, auto& response) { response.status = request.path == "/500" ? 500 : 204; });
  DeliveryEngine engine;
  const DeliveryOutcome failed = deliver(engine, request_to(endpoint.url("/500")));
  CHECK(failed.status == 500);
  CHECK(failed.error.empty());
  CHECK_FALSE(failed.delivered());
  CHECK(deliver(engine, request_to(endpoint.url("/204"))).delivered());
}

TEST_CASE("redirects are not followed") {
  HttpEndpoint target;
  HttpEndpoint endpoint([&](auto&, auto& response) { response.set_redirect(target.url(), 307); });
  DeliveryEngine engine;
  CHECK(deliver(engine, request_to(endpoint.url())).status == 307);
  CHECK(target.requests().empty());
}

TEST_CASE("failures say what happened") {
  DeliveryEngine engine;
  const auto error_for = [&](std::string url) {
    const DeliveryOutcome outcome = deliver(engine, request_to(std::move(url)));
    CHECK(outcome.status == 0);
    CHECK_FALSE(outcome.delivered());
    CHECK_FALSE(outcome.aborted);
    return outcome.error;
  };
  const ClosedPort closed;
  CHECK(error_for(closed.url()) == "connection refused");
  // A label of more than 63 characters needs no name server to be impossible.
  const std::string host(64, 'a');
  CHECK(error_for("http://" + host + "/") == "cannot resolve host " + host);
  CHECK_FALSE(error_for("file:///etc/passwd").empty());
  CHECK_FALSE(error_for("not a url").empty());
}

TEST_CASE("no answer in time is a failure that names the time") {
  std::latch release(1);
  HttpEndpoint endpoint([&](auto&, auto&) { release.wait(); });
  DeliveryEngine engine;
  const DeliveryOutcome outcome = deliver(engine, request_to(endpoint.url()), 50ms);
  release.count_down();
  CHECK(outcome.status == 0);
  CHECK(outcome.error == "no answer within 50ms");
}

TEST_CASE("headers and URLs that would break the framing are not sent") {
  HttpEndpoint endpoint;
  DeliveryEngine engine;
  SignedRequest request = request_to(endpoint.url());
  request.headers.emplace_back("X-Note", "a\r\nX-Evil: b");
  CHECK(deliver(engine, request).error == "the value of header X-Note contains a line break");
  request.headers.back() = {"X-Note: a\r\nX-Evil", "b"};
  CHECK(deliver(engine, request).error == "a header's name is not a token");
  CHECK_FALSE(deliver(engine, request_to(endpoint.url("/\r\nX-Evil: b"))).error.empty());
  CHECK(endpoint.requests().empty());
}

TEST_CASE("two hundred deliveries share a few connections") {
  HttpEndpoint endpoint;
  DeliveryEngine engine;
  constexpr int k_deliveries = 200;
  constexpr int k_lanes = 4;
  std::atomic<int> started = 0;
  std::atomic<int> delivered = 0;
  std::atomic<int> done = 0;
  // Each lane has one delivery in flight and starts the next from the end of the last.
  std::function<void()> next = [&] {
    if (started++ >= k_deliveries) return;
    engine.submit(request_to(endpoint.url()), k_long, [&](const DeliveryOutcome& outcome) {
      delivered += outcome.delivered() ? 1 : 0;
      next();
      ++done;
    });
  };
  for (int lane = 0; lane < k_lanes; ++lane)
    next();
  REQUIRE(eventually([&] { return done == k_deliveries; }));
  CHECK(delivered == k_deliveries);
  CHECK(endpoint.requests().size() == k_deliveries);
  CHECK(endpoint.connections() <= 20);
}

TEST_CASE("several threads may submit at once") {
  HttpEndpoint endpoint;
  DeliveryEngine engine;
  std::atomic<int> delivered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 10; ++k) {
        engine.submit(request_to(endpoint.url()), k_long, [&](const DeliveryOutcome& outcome) {
          delivered += outcome.delivered() ? 1 : 0;
        });
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(eventually([&] { return delivered == 40; }));
}

TEST_CASE("destruction aborts what is in flight and tells everyone") {
  std::latch release(1);
  HttpEndpoint endpoint([&](auto&, auto&) { release.wait(); });
  int aborted = 0;
  {
    DeliveryEngine engine;
    const auto submit = [&](auto on_done) {
      engine.submit(request_to(endpoint.url()), k_long, [&, on_done](const auto& outcome) {
        CHECK(outcome.error == "aborted");
        CHECK(outcome.status == 0);
        aborted += outcome.aborted ? 1 : 0;
        on_done();
      });
    };
    for (int i = 0; i < 9; ++i)
      submit([] {});
    submit([&] { submit([] {}); });  // Too late: discarded.
    REQUIRE(eventually([&] { return !endpoint.requests().empty(); }));
  }
  release.count_down();
  CHECK(aborted == 10);
}

TEST_CASE("a proxy from the environment is used except for this machine") {
  HttpEndpoint proxy([](auto&, auto& response) { response.status = 203; });
  HttpEndpoint endpoint;
  const ScopedEnvironment variable("http_proxy", proxy.url());
  DeliveryEngine engine;
  CHECK(deliver(engine, request_to("http://elsewhere.invalid/hook")).status == 203);
  CHECK(deliver(engine, request_to(endpoint.url())).status == 200);
}
