// SPDX-License-Identifier: Apache-2.0
// The receiver under senders that are slow, many, or clever: others must not notice.
#include "support/raw_client.hpp"
#include "support/sanitizer.hpp"
#include "support/webhook_target.hpp"
#include "webhook/receiver.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <latch>
#include <memory>
#include <thread>

using namespace topicloop;
using namespace topicloop::webhook;
using namespace std::chrono_literals;
using test::event_now;
using test::RawClient;
using test::signed_post;
using test::status_of;
using test::WebhookTarget;

namespace {

const std::string k_head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

int answer_for_others(WebhookTarget& target) {
  return status_of(target.exchange(signed_post("/", event_now("x"))));
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Both ends of every connection are in this process.
bool allow_descriptors(rlim_t count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < count) return false;
  limit.rlim_cur = std::max(limit.rlim_cur, count);
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

}  // namespace

TEST_CASE("a thousand idle connections cost little and keep nobody waiting") {
  constexpr std::size_t k_connections = 1'000;
  constexpr std::size_t k_allowed = 128U << 20U;  // Of memory, for all of them.
  if (!allow_descriptors(4 * k_connections)) {
    WARN("this machine does not allow so many descriptors");
    return;
  }
  WebhookTarget target;
  const std::size_t before = resident_bytes();
  std::vector<std::unique_ptr<RawClient>> idle;
  while (idle.size() < k_connections)
    idle.push_back(std::make_unique<RawClient>(target.receiver().port()));
  CHECK(answer_for_others(target) == 200);
  CHECK((test::k_is_sanitized || resident_bytes() < before + k_allowed));
  target.receiver().stop();
  for (auto& client : idle)
    CHECK(client->receive_all().empty());
  CHECK(idle.back()->is_closed_by_peer());
}

TEST_CASE("when there are too many connections the one that waits longest makes room") {
  WebhookTarget target({.max_connections = 3});
  const int port = target.receiver().port();
  RawClient idle(port);
  RawClient slow(port);
  slow.send(k_head);
  RawClient used(port);
  used.send(signed_post("/", event_now("x")));
  CHECK(status_of(used.receive_until("}")) == 200);
  CHECK(answer_for_others(target) == 200);
  CHECK(idle.receive_all().empty());
  CHECK(idle.is_closed_by_peer());
  // There is room again, and no other had to go.
  used.send(signed_post("/", event_now("x")));
  CHECK(status_of(used.receive_until("}")) == 200);
  slow.send("Content-Length: 0\r\n\r\n");
  CHECK(status_of(slow.receive_until("}")) == 401);
}

TEST_CASE("a connection that waits while all others are busy is next once one is idle") {
  std::latch entered(1);
  std::latch release(1);
  WebhookTarget target({.max_connections = 1}, [&](const ReceivedEvent& received) {
    if (received.event.text == "slow") {
      entered.count_down();
      release.wait();
    }
    return HandlerAnswer{};
  });
  RawClient busy(target.receiver().port());
  busy.send(signed_post("/", event_now("slow")));
  entered.wait();
  RawClient next(target.receiver().port());
  next.send(signed_post("/", event_now("next")));
  release.count_down();
  CHECK(status_of(busy.receive_until("}")) == 200);
  CHECK(status_of(next.receive_until("}")) == 200);
}

TEST_CASE("a body given up for another connection is answered with 503") {
  WebhookTarget target({.max_connections = 1});
  RawClient slow(target.receiver().port());
  slow.send(k_head + "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n");
  CHECK(slow.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(answer_for_others(target) == 200);
  CHECK(status_of(slow.receive_all()) == 503);
}

TEST_CASE("headers that stop half-way are given up and keep nobody waiting") {
  WebhookTarget target({.patience = {.head = 50ms}});
  std::vector<std::unique_ptr<RawClient>> slow;
  for (const std::string& part : {std::string("P"), std::string("POST / HT"), k_head, k_head + "x"})
    for (int i = 0; i < 100; ++i) {
      slow.push_back(std::make_unique<RawClient>(target.receiver().port()));
      slow.back()->send(part);
    }
  CHECK(answer_for_others(target) == 200);
  for (auto& client : slow) {
    CHECK(status_of(client->receive_all()) == 408);
    REQUIRE(client->is_closed_by_peer());
  }
  // Those were no requests: nothing is told of them.
  CHECK(target.exchanges().size() == 1);
}

TEST_CASE("headers that trickle for too long are given up") {
  WebhookTarget target({.patience = {.head = 50ms}});
  for (const std::string start : {"", "POST / HTTP/1.1\r\n"}) {
    INFO(start);
    RawClient client(target.receiver().port());
    client.send(start);
    while (client.send("x") && !client.has_answer())
      std::this_thread::yield();
    const int status = status_of(client.receive_until("}"));
    CHECK((status == 408 || status == 414 || status == 431));
  }
  RawClient blank(target.receiver().port());
  while (blank.send("\r\n") && !blank.has_answer())
    std::this_thread::yield();
  const int status = status_of(blank.receive_until("}"));
  CHECK((status == 408 || status == 431));
  CHECK(target.received().empty());
}

TEST_CASE("a body that stops half-way is given up and keeps nobody waiting") {
  WebhookTarget target({.patience = {.body = 50ms}});
  RawClient with_length(target.receiver().port());
  with_length.send(k_head + "Content-Length: 10\r\n\r\nabc");
  RawClient chunked(target.receiver().port());
  chunked.send(k_head + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc");
  CHECK(answer_for_others(target) == 200);
  CHECK(status_of(with_length.receive_all()) == 408);
  CHECK(status_of(chunked.receive_all()) == 408);
  CHECK(target.received().size() == 1);
}

TEST_CASE("a body that breaks off is refused") {
  WebhookTarget target;
  for (const std::string body :
       {"Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nabc"}) {
    INFO(body);
    RawClient client(target.receiver().port());
    client.send(k_head + body);
    client.end();
    CHECK(status_of(client.receive_all()) == 400);
  }
  CHECK(target.received().empty());
}

TEST_CASE("a sender that takes no answers is given up") {
  WebhookTarget target({.patience = {.answer = 50ms}}, [](const ReceivedEvent& received) {
    if (received.event.text == "x") return HandlerAnswer{};
    return HandlerAnswer{.body = std::string(1U << 20U, 'x')};
  });
  RawClient client(target.receiver().port());
  const std::string request = signed_post("/", event_now("large"));
  while (client.send(request))
    ;
  CHECK(answer_for_others(target) == 200);
}

TEST_CASE("a body that trickles for too long is refused with 408") {
  WebhookTarget target({.patience = {.body = 50ms}});
  for (const bool chunked : {false, true}) {
    INFO(chunked);
    RawClient client(target.receiver().port());
    client.send(k_head + (chunked ? "Transfer-Encoding: chunked\r\n\r\n"
                                  : "Content-Length: 999999\r\n\r\n"));
    while (client.send(chunked ? "1\r\nx\r\n" : "x") && !client.has_answer())
      std::this_thread::yield();
    CHECK(status_of(client.receive_until("}")) == 408);
  }
  CHECK(target.received().empty());
}

TEST_CASE("line ends that hide in a header's value go nowhere") {
  WebhookTarget target({}, [](const ReceivedEvent&) { return HandlerAnswer{}; });
  const std::string hidden = "x%0d%0aSet-Cookie:%20a=b";
  RawClient client(target.receiver().port());
  client.send(signed_post(
      "/?" + hidden, event_now("x"), "secret",
      "User-Agent: " + hidden + "\r\nx-other: " + hidden + "\r\n" + "Connection: close\r\n"));
  const std::string answer = client.receive_all();
  CHECK(status_of(answer) == 200);
  CHECK(answer.find("Set-Cookie") == std::string::npos);
  RawClient other(target.receiver().port());
  other.send("GET /" + hidden + " HTTP/1.1\r\nHost: " + hidden + "\r\n\r\n");
  const std::string refusal = other.receive_until("}");
  CHECK(status_of(refusal) == 405);
  CHECK(refusal.find("Set-Cookie") == std::string::npos);
}

TEST_CASE("methods and paths that are not ours are refused without a look at the body") {
  WebhookTarget target({.path = "/in"});
  for (const std::string method :
       {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"}) {
    INFO(method);
    RawClient client(target.receiver().port());
    client.send(method + " /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string answer = client.receive_all();
    CHECK(status_of(answer) == 405);
    CHECK(answer.find("Allow: POST\r\n") != std::string::npos);
  }
  for (const std::string path : {"/", "/in/", "/in/../in", "//in", "/IN", "/in%2f", "*"}) {
    INFO(path);
    CHECK(status_of(target.exchange(signed_post(path, event_now("x")))) == 404);
  }
  CHECK(target.received().empty());
}

TEST_CASE("a hundred bodies of the limit at once are each answered and leave no memory behind") {
  WebhookTarget target({.max_body = 100'000});
  model::WebhookEvent event = event_now("");
  event.text.assign(200'000, 'x');
  const std::string request = signed_post("/", event);
  CHECK(status_of(target.exchange(request)) == 413);
  const std::size_t before = resident_bytes();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<RawClient>(target.receiver().port()));
    clients.back()->send(request);
  }
  for (auto& client : clients)
    CHECK(status_of(client->receive_until("}")) == 413);
  CHECK((test::k_is_sanitized || resident_bytes() < before + (64U << 20U)));
}
