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
  for (auto& client : idle)
    CHECK(client->receive_all().empty());
  CHECK(idle.back()->is_closed_by_peer());
}

TEST_CASE("headers that stop half-way are given up and keep nobody waiting") {
  WebhookTarget target;
  std::vector<std::unique_ptr<RawClient>> slow;
  for (const std::string& part : {std::string("P"), std::string("POST / HT"), k_head, k_head + "x"})
    for (int i = 0; i < 100; ++i) {
      slow.push_back(std::make_unique<RawClient>(target.receiver().port()));
      slow.back()->send(part);
    }
  CHECK(answer_for_others(target) == 200);
  for (auto& client : slow) {
    const std::string answer = client->receive_all();
    CHECK((answer.empty() || status_of(answer) >= 400));
    REQUIRE(client->is_closed_by_peer());
  }
  CHECK(target.received().size() == 1);
}

TEST_CASE("a body that stops half-way is given up and keeps nobody waiting") {
  WebhookTarget target;
  RawClient with_length(target.receiver().port());
  with_length.send(k_head + "Content-Length: 10\r\n\r\nabc");
  RawClient chunked(target.receiver().port());
  chunked.send(k_head + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc");
  CHECK(answer_for_others(target) == 200);
  CHECK(status_of(with_length.receive_all()) == 400);
  CHECK(status_of(chunked.receive_all()) == 400);
  CHECK(target.received().size() == 1);
}

TEST_CASE("a body that trickles for too long is refused with 408") {
  WebhookTarget target({.body_patience = 50ms});
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

// httplib drops what it has read ahead; who sends like this learns that it must not.
TEST_CASE("of requests sent without waiting for answers the first is answered and none garbled") {
  WebhookTarget target;
  RawClient client(target.receiver().port());
  std::string all;
  for (int i = 0; i < 20; ++i)
    all += signed_post("/", event_now(std::to_string(i)), i == 0 ? "secret" : "wrong");
  client.send(all);
  CHECK(status_of(client.receive_until("}")) == 200);
  const std::string rest = client.receive_all();
  CHECK((rest.empty() || status_of(rest) == 400 || status_of(rest) == 403));
  CHECK(client.is_closed_by_peer());
  REQUIRE(target.received().size() == 1);
  CHECK(target.received()[0].event.text == "0");
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
  const std::string refusal = other.receive_all();
  CHECK(status_of(refusal) == 405);
  CHECK(refusal.find("Set-Cookie") == std::string::npos);
}

TEST_CASE("methods and paths that are not ours are refused without a look at the body") {
  WebhookTarget target({.path = "/in"});
  for (const std::string method : {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}) {
    INFO(method);
    RawClient client(target.receiver().port());
    client.send(method + " /in HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = client.receive_all();
    CHECK(status_of(answer) == 405);
    CHECK(answer.find("Allow: POST\r\n") != std::string::npos);
  }
  for (const std::string path : {"/", "/in/", "/in/../in", "//in", "/IN", "/in%2f", "*"}) {
    INFO(path);
    CHECK(status_of(target.exchange(signed_post(path, event_now("x")))) == 404);
  }
  CHECK(status_of(target.exchange("BREW /in HTTP/1.1\r\nHost: x\r\n\r\n")) == 400);
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
  CHECK(resident_bytes() < before + (64U << 20U));
}
