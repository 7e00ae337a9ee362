// SPDX-License-Identifier: Apache-2.0
#include "support/condition.hpp"
#include "support/raw_client.hpp"
#include "support/webhook_target.hpp"
#include "webhook/receiver.hpp"

#include <catch2/catch_test_macros.hpp>

#include <latch>
#include <thread>

using namespace topicloop;
using namespace topicloop::webhook;
using test::event_now;
using test::eventually;
using test::RawClient;
using test::signed_post;
using test::status_of;
using test::WebhookTarget;
using namespace std::chrono_literals;

TEST_CASE("a genuine request reaches the handler and is answered") {
  WebhookTarget target({.path = "/in"});
  const model::WebhookEvent event = event_now("hello");
  const std::string request = signed_post("/in?from=test", event);
  const std::string answer = target.exchange(request);
  CHECK(status_of(answer) == 200);
  CHECK(answer.ends_with("\r\n\r\n{\"status\":\"success\"}"));

  REQUIRE(target.received().size() == 1);
  CHECK(target.received()[0].event == event);
  CHECK(target.received()[0].payload == model::Value::text("hello"));
  REQUIRE(target.exchanges().size() == 1);
  const Exchange exchange = target.exchanges()[0];
  CHECK(exchange.id == short_id(Signer("secret").sign(to_json(event))));
  CHECK(exchange.id == target.received()[0].id);
  CHECK(exchange.method == "POST");
  CHECK(exchange.path == "/in");
  CHECK(exchange.peer == "127.0.0.1");
  CHECK(exchange.event == event);
  CHECK(exchange.status == 200);
  CHECK(exchange.reason.empty());
  CHECK(exchange.answer == R"({"status":"success"})");
  CHECK(exchange.latency >= 0us);
}

TEST_CASE("the handler decides status and body of the answer") {
  WebhookTarget target({}, [](const ReceivedEvent&) { return HandlerAnswer{418, "{}"}; });
  const std::string answer = target.exchange(signed_post("/", event_now("x")));
  CHECK(status_of(answer) == 418);
  CHECK(answer.ends_with("\r\n\r\n{}"));
  CHECK(target.exchanges()[0].status == 418);
  CHECK(target.exchanges()[0].reason.empty());
}

TEST_CASE("exceptions become a 500 that tells nothing") {
  WebhookTarget target({}, [](const ReceivedEvent&) -> HandlerAnswer {
    throw std::runtime_error("the password is swordfish");
  });
  const std::string answer = target.exchange(signed_post("/", event_now("x")));
  CHECK(status_of(answer) == 500);
  CHECK(answer.find("swordfish") == std::string::npos);
  CHECK(target.exchanges()[0].status == 500);

  auto receiver = Receiver::start(
      {.port = 0}, [](const ReceivedEvent&) { return HandlerAnswer{}; },
      [](const Exchange&) { throw 42; });
  REQUIRE(receiver);
  receiver->set_secrets({"secret"});
  RawClient client(receiver->port());
  client.send(signed_post("/", event_now("x")));
  CHECK(status_of(client.receive_until("}")) == 500);
}

TEST_CASE("methods other than POST are told which one is allowed") {
  WebhookTarget target;
  for (const std::string method : {"GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"}) {
    const std::string answer = target.exchange(method + " / HTTP/1.1\r\nHost: x\r\n" +
                                               "Connection: close\r\nContent-Length: 0\r\n\r\n");
    INFO(method);
    CHECK(status_of(answer) == 405);
    CHECK(answer.find("\r\nAllow: POST\r\n") != std::string::npos);
  }
  CHECK(target.exchanges().size() == 6);
  CHECK(target.exchanges()[0].reason == "only POST is accepted");
}

TEST_CASE("each refusal has its status and a reason that repeats nothing received") {
  WebhookTarget target;
  const model::WebhookEvent event = event_now("x");
  const std::string body = to_json(event);
  const std::string signature = Signer("secret").sign(body);
  const auto status_for = [&](const std::string& path, const std::string& headers,
                              const std::string& content) {
    const std::string answer =
        target.exchange("POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers +
                        "Content-Length: " + std::to_string(content.size()) + "\r\n\r\n" + content);
    const Exchange exchange = target.exchanges().back();
    CHECK(answer.ends_with("\r\n\r\n" + exchange.answer));
    CHECK(exchange.answer.starts_with("{\"status\":\"error\",\"reason\":\""));
    CHECK_FALSE(exchange.reason.empty());
    CHECK(exchange.status == status_of(answer));
    CHECK(answer.find("evil") == std::string::npos);
    return exchange.status;
  };
  const std::string json = "Content-Type: application/json\r\n";
  const std::string sign = "momento-signature: " + signature + "\r\n";
  CHECK(status_for("/evil", json + sign, body) == 404);
  CHECK(status_for("/", "Content-Type: text/evil\r\n" + sign, body) == 415);
  CHECK(status_for("/", sign, body) == 415);
  CHECK(status_for("/", json + "Content-Encoding: gzip\r\n" + sign, body) == 415);
  CHECK(status_for("/", json, body) == 401);
  CHECK(status_for("/", json + sign, body + " ") == 403);
  CHECK(status_for("/", json + sign + sign, body) == 403);
  CHECK(status_for("/", json + "momento-signature: evil\r\n", body) == 403);
  CHECK(status_for("/", json + "momento-signature: " + signature + "%0d%0aevil\r\n", body) == 403);
  const std::string other = "{\"evil\":1}";
  const std::string sign_other = "momento-signature: " + Signer("secret").sign(other) + "\r\n";
  CHECK(status_for("/", json + sign_other, other) == 400);
  CHECK(target.exchanges().back().reason == "webhook event: key \"cache\" is missing");
  CHECK(target.received().empty());
}

TEST_CASE("old events and events from the future are refused") {
  WebhookTarget target;
  const std::int64_t now = to_epoch_ms(std::chrono::system_clock::now());
  model::WebhookEvent event = event_now("x");
  event.publish_timestamp = now - 70'000;
  CHECK(status_of(target.exchange(signed_post("/", event))) == 403);
  CHECK(target.exchanges()[0].reason == "the event is older than 60000 ms");
  CHECK(target.exchanges()[0].event == event);
  event.publish_timestamp = now + 3'600'000;
  CHECK(status_of(target.exchange(signed_post("/", event))) == 403);
  CHECK(target.received().empty());

  WebhookTarget timeless({.max_age = 0ms});
  CHECK(status_of(timeless.exchange(signed_post("/", event))) == 200);
}

TEST_CASE("secrets may come late and be rotated") {
  WebhookTarget target;
  const model::WebhookEvent event = event_now("x");
  target.receiver().set_secrets({});
  CHECK(status_of(target.exchange(signed_post("/", event))) == 503);
  target.receiver().set_secrets({"new", "secret"});
  CHECK(status_of(target.exchange(signed_post("/", event))) == 200);
  CHECK(status_of(target.exchange(signed_post("/", event, "new"))) == 200);
  target.receiver().set_secrets({"new"});
  CHECK(status_of(target.exchange(signed_post("/", event))) == 403);
}

TEST_CASE("without verification the signature does not matter but still names the exchange") {
  WebhookTarget target({.verify = false});
  target.receiver().set_secrets({});
  CHECK(status_of(target.exchange(signed_post("/", event_now("x"), "unknown"))) == 200);
  CHECK(target.exchanges()[0].id.size() == 8);
  const std::string body = to_json(event_now("x"));
  CHECK(status_of(target.exchange(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body)) == 200);
  CHECK(target.exchanges()[1].id.empty());
}

TEST_CASE("a binary message is decoded") {
  WebhookTarget target;
  const std::string mark = "topicloop-text-encoding: base64\r\n";
  CHECK(status_of(target.exchange(signed_post("/", event_now("/wAB"), "secret", mark))) == 200);
  REQUIRE(target.received().size() == 1);
  CHECK(target.received()[0].payload == model::Value::binary(std::string("\xFF\0\x01", 3)));
  CHECK(target.received()[0].event.text == "/wAB");
  CHECK(status_of(target.exchange(signed_post("/", event_now("no!"), "secret", mark))) == 400);
}

TEST_CASE("a second server on the same port fails and names it") {
  WebhookTarget target;
  const auto second =
      Receiver::start({.port = target.receiver().port()}, nullptr, [](const Exchange&) {});
  REQUIRE_FALSE(second);
  const std::string address = "127.0.0.1:" + std::to_string(target.receiver().port());
  CHECK(second.error().kind == ErrorKind::Unavailable);
  CHECK(second.error().message.starts_with("cannot listen on " + address + ": "));
  CHECK_FALSE(second.error().help.empty());
}

TEST_CASE("a host that is not this machine's cannot be listened on") {
  const auto receiver = Receiver::start({.host = "192.0.2.1", .port = 0}, nullptr, nullptr);
  REQUIRE_FALSE(receiver);
  CHECK(receiver.error().message.starts_with("cannot listen on 192.0.2.1:0: "));
  CHECK_FALSE(Receiver::start({.port = 0, .path = "in"}, nullptr, nullptr));
}

TEST_CASE("the port is free again after stopping") {
  auto first = Receiver::start({.port = 0}, nullptr, nullptr);
  REQUIRE(first);
  const int port = first->port();
  CHECK(first->url() == "http://127.0.0.1:" + std::to_string(port) + "/");
  first->stop();
  CHECK(Receiver::start({.port = port}, nullptr, nullptr));
}

TEST_CASE("stopping answers the request in progress") {
  std::latch entered(1);
  std::latch release(1);
  WebhookTarget target({}, [&](const ReceivedEvent&) {
    entered.count_down();
    release.wait();
    return HandlerAnswer{};
  });
  const int port = target.receiver().port();
  RawClient client(port);
  client.send(signed_post("/", event_now("x")));
  entered.wait();
  std::thread stopper([&] { target.receiver().stop(); });
  const bool refuses = eventually([&] {
    try {
      const RawClient late(port);
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  });
  release.count_down();
  CHECK(refuses);
  CHECK(status_of(client.receive_until("}")) == 200);
  stopper.join();
}

TEST_CASE("stopping closes idle connections") {
  WebhookTarget target;
  RawClient client(target.receiver().port());
  client.send(signed_post("/", event_now("x")));
  CHECK(status_of(client.receive_until("}")) == 200);
  target.receiver().stop();
  CHECK(client.receive_all().empty());
}

TEST_CASE("the handler is given the request's body and its headers as they came") {
  WebhookTarget target;
  const std::string body = to_json(event_now("grüezi"));
  const std::string signature = Signer("secret").sign(body);
  CHECK(status_of(target.exchange("POST / HTTP/1.1\r\nHost: x\r\nUser-Agent: me\r\n"
                                  "Content-Type: application/json; charset=utf-8\r\n"
                                  "momento-signature: " +
                                  signature + "\r\nAuthorization: not for others\r\n" +
                                  "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                                  body)) == 200);
  CHECK(target.received()[0].body == body);
  CHECK(target.received()[0].headers == std::vector<std::pair<std::string, std::string>>{
                                            {"Content-Type", "application/json; charset=utf-8"},
                                            {"User-Agent", "me"},
                                            {"momento-signature", signature}});
}

TEST_CASE("a signature that is unknown is looked at again when the secrets have been renewed") {
  int asked = 0;
  WebhookTarget* renewed = nullptr;
  WebhookTarget target({.on_unknown_signature = [&] {
    ++asked;
    renewed->receiver().set_secrets({"new"});
  }});
  renewed = &target;
  CHECK(status_of(target.exchange(signed_post("/", event_now("x")))) == 200);
  CHECK(asked == 0);
  CHECK(status_of(target.exchange(signed_post("/", event_now("x"), "new"))) == 200);
  CHECK(asked == 1);
  CHECK(status_of(target.exchange(signed_post("/", event_now("x"), "wrong"))) == 403);
  CHECK(asked == 2);
  CHECK(status_of(target.exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                  "momento-signature: short\r\nContent-Length: 0\r\n\r\n")) == 403);
  CHECK(asked == 2);
}

TEST_CASE("an answer that may not have a body has none whatever the handler says") {
  WebhookTarget target({}, [](const ReceivedEvent&) { return HandlerAnswer{204, "{}"}; });
  RawClient client(target.receiver().port());
  client.send(signed_post("/", event_now("x"), "secret", "Connection: close\r\n"));
  const std::string answer = client.receive_all();
  CHECK(status_of(answer) == 204);
  CHECK(answer.ends_with("\r\n\r\n"));
}
