// SPDX-License-Identifier: Apache-2.0
// Several requests on one connection, and bytes that are to be taken for one but are not.
#include "support/raw_client.hpp"
#include "support/webhook_target.hpp"
#include "webhook/receiver.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

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

std::string length(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}

}  // namespace

TEST_CASE("requests sent without waiting for answers are answered in order") {
  WebhookTarget target;
  std::string all;
  for (int i = 0; i < 200; ++i)
    all += signed_post("/", event_now(std::to_string(i)), i % 2 == 0 ? "secret" : "wrong");
  RawClient client(target.receiver().port());
  client.send(all);
  for (int i = 0; i < 200; ++i)
    REQUIRE(status_of(client.receive_until("}")) == (i % 2 == 0 ? 200 : 403));
  REQUIRE(target.received().size() == 100);
  for (std::size_t i = 0; i < 100; ++i)
    REQUIRE(target.received()[i].event.text == std::to_string(2 * i));
}

TEST_CASE("a request that comes with the end of a chunked body is the next one") {
  WebhookTarget target;
  const std::string body = to_json(event_now("chunked"));
  char size[20];
  std::snprintf(size, sizeof size, "%zx", body.size());
  RawClient client(target.receiver().port());
  client.send(k_head + "Transfer-Encoding: chunked\r\nmomento-signature: " +
              Signer("secret").sign(body) + "\r\n\r\n" + size + "\r\n" + body +
              "\r\n0\r\nTrailer: x\r\n\r\n" + signed_post("/", event_now("next")));
  CHECK(status_of(client.receive_until("}")) == 200);
  CHECK(status_of(client.receive_until("}")) == 200);
  CHECK(target.received().at(1).event.text == "next");
}

TEST_CASE("what is sent after a request whose body was not read is never a request") {
  WebhookTarget target({.max_body = 10'000});
  const std::string smuggled = signed_post("/", event_now("smuggled"));
  const std::string large = std::string(20'000, 'x') + smuggled;
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string last = "0\r\n\r\n";
  for (const std::string& request : {
           "GET / HTTP/1.1\r\nHost: x\r\n" + length(smuggled) + "\r\n" + smuggled,
           "POST /other HTTP/1.1\r\nHost: x\r\n" + length(smuggled) + "\r\n" + smuggled,
           "POST / HTTP/1.1\r\nHost: x\r\n" + length(smuggled) + "\r\n" + smuggled,
           k_head + length(large) + "\r\n" + large,
           k_head + length(last) + chunked + "\r\n" + last + smuggled,
           k_head + length("") + length(smuggled) + "\r\n" + smuggled,
           k_head + "Content-Length: 0, 0\r\n\r\n" + smuggled,
           k_head + chunked + chunked + "\r\n" + last + smuggled,
           k_head + "Transfer-Encoding: chunked, identity\r\n\r\n" + last + smuggled,
           k_head + "Transfer-Encoding : chunked\r\n" + length(last) + "\r\n" + last + smuggled,
           k_head + chunked + "\r\n" + "0\n\n" + smuggled,
           k_head + chunked + "\r\n" + "5000\r\n" + smuggled,
           k_head + "Content-Length: 0\n\n" + smuggled,
           k_head + "X: y\r\n " + length("") + "\r\n" + smuggled,
           k_head + "Expect: a-miracle\r\n" + length(smuggled) + "\r\n" + smuggled,
           "hello\r\n\r\n" + smuggled,
           "GET / HTTP/3.0\r\n\r\n" + smuggled,
       }) {
    INFO(request);
    RawClient client(target.receiver().port());
    client.send(request);
    const std::string answers = client.receive_all();
    CHECK(status_of(answers) >= 400);
    CHECK(answers.find("}HTTP/1.1") == std::string::npos);
    CHECK(answers.find("Connection: close\r\n") != std::string::npos);
    CHECK(answers.find("keep-alive") == std::string::npos);
  }
  CHECK(target.received().empty());
}

TEST_CASE("a request inside a body is the body") {
  WebhookTarget target({.verify = false});
  const std::string inner = signed_post("/", event_now("inner"));
  RawClient client(target.receiver().port());
  client.send(k_head + length(inner) + "\r\n" + inner + signed_post("/", event_now("outer")));
  CHECK(status_of(client.receive_until("}")) == 400);
  CHECK(status_of(client.receive_until("}")) == 200);
  REQUIRE(target.received().size() == 1);
  CHECK(target.received()[0].event.text == "outer");
}

TEST_CASE("a refusal of a request without a body leaves the connection") {
  WebhookTarget target;
  RawClient client(target.receiver().port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n" +
              signed_post("/", event_now("x")));
  CHECK(status_of(client.receive_until("}")) == 405);
  CHECK(status_of(client.receive_until("}")) == 405);
  CHECK(status_of(client.receive_until("}")) == 200);
}

TEST_CASE("a connection ends when the sender says so") {
  WebhookTarget target;
  RawClient client(target.receiver().port());
  client.send(signed_post("/", event_now("x"), "secret", "Connection: close\r\n") +
              signed_post("/", event_now("late")));
  const std::string answer = client.receive_all();
  CHECK(status_of(answer) == 200);
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(client.is_closed_by_peer());
  CHECK(target.received().size() == 1);
}

TEST_CASE("a connection that is idle for too long is closed") {
  WebhookTarget target({.patience = {.idle = 50ms}});
  RawClient unused(target.receiver().port());
  RawClient used(target.receiver().port());
  used.send(signed_post("/", event_now("x")));
  CHECK(status_of(used.receive_until("}")) == 200);
  for (RawClient* client : {&unused, &used}) {
    CHECK(client->receive_all().empty());
    CHECK(client->is_closed_by_peer());
  }
  CHECK(target.exchanges().size() == 1);
}

TEST_CASE("a sender that asks first is told to go on once its head is fine") {
  WebhookTarget target({.max_body = 1'000});
  const std::string request =
      signed_post("/", event_now("x"), "secret", "Expect: 100-continue\r\n");
  const std::size_t body = request.find("\r\n\r\n") + 4;
  RawClient client(target.receiver().port());
  client.send(request.substr(0, body));
  CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(request.substr(body));
  CHECK(status_of(client.receive_until("}")) == 200);
  client.send(request);  // It did not wait: it need not be told.
  CHECK(status_of(client.receive_until("}")) == 200);
}

TEST_CASE("a sender that asks first is told at once what is wrong") {
  WebhookTarget target({.max_body = 1'000});
  const auto status_for = [&](const std::string& headers) {
    return status_of(target.exchange(k_head + headers + "\r\n"));
  };
  CHECK(status_for("Expect: 100-continue\r\nContent-Length: 1001\r\n") == 413);
  CHECK(status_for("Expect: 100-continue\r\n") == 411);
  CHECK(status_for("Expect: a-miracle\r\nContent-Length: 5\r\n") == 417);
  CHECK(status_of(target.exchange("POST /other HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                                  "Content-Length: 5\r\n\r\n")) == 404);
}

TEST_CASE("senders that speak HTTP/1.0 are answered and may keep the connection") {
  WebhookTarget target;
  const auto request = [](const std::string& headers) {
    std::string text = signed_post("/", event_now("x"), "secret", headers);
    return text.replace(text.find("HTTP/1.1"), 8, "HTTP/1.0");
  };
  RawClient client(target.receiver().port());
  client.send(request("Connection: keep-alive\r\n") + request(""));
  const std::string answers = client.receive_all();
  CHECK(answers.find("Connection: keep-alive\r\n") < answers.find("Connection: close\r\n"));
  CHECK(target.received().size() == 2);
}
