// SPDX-License-Identifier: Apache-2.0
// What the receiver does with HTTP that is unusual, malformed or hostile.
#include "support/raw_client.hpp"
#include "support/webhook_target.hpp"
#include "webhook/receiver.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdio>
#include <future>
#include <memory>
#include <variant>

using namespace topicloop;
using namespace topicloop::webhook;
using test::event_now;
using test::RawClient;
using test::signed_post;
using test::status_of;
using test::WebhookTarget;

namespace {

constexpr std::size_t k_max_body = 1'000;

std::string hex(std::size_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "%zx", number);
  return text;
}

// A POST with the body in chunks of the given size, signed.
std::string chunked_post(const std::string& body, std::size_t chunk_size) {
  std::string request =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\nmomento-signature: " +
      Signer("secret").sign(body) + "\r\n\r\n";
  for (std::size_t i = 0; i < body.size(); i += chunk_size) {
    const std::string chunk = body.substr(i, chunk_size);
    request += hex(chunk.size()) + "\r\n" + chunk + "\r\n";
  }
  return request + "0\r\n\r\n";
}

std::string post_with(const std::string& headers, const std::string& rest = "") {
  return "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers + "\r\n" +
         rest;
}

}  // namespace

TEST_CASE("two hundred requests are answered on one connection") {
  WebhookTarget target;
  RawClient client(target.receiver().port());
  const std::string request = signed_post("/", event_now("x"));
  for (int i = 0; i < 200; ++i) {
    REQUIRE(client.send(request));
    REQUIRE(status_of(client.receive_until("}")) == 200);
  }
  CHECK(target.exchanges().size() == 200);
}

TEST_CASE("idle connections do not keep others waiting") {
  WebhookTarget target;
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 40; ++i) {
    idle.push_back(std::make_unique<RawClient>(target.receiver().port()));
  }
  CHECK(status_of(target.exchange(signed_post("/", event_now("x")))) == 200);
}

TEST_CASE("a chunked body is put together before it is checked") {
  WebhookTarget target;
  CHECK(status_of(target.exchange(chunked_post(to_json(event_now("chunked")), 7))) == 200);
  CHECK(target.received()[0].event.text == "chunked");
}

TEST_CASE("a body of exactly the limit is accepted and one byte more is not") {
  WebhookTarget target({.max_body = k_max_body});
  model::WebhookEvent event = event_now("");
  event.text.assign(k_max_body - to_json(event).size(), 'x');
  CHECK(status_of(target.exchange(signed_post("/", event))) == 200);
  CHECK(status_of(target.exchange(chunked_post(to_json(event), 100))) == 200);
  event.text += 'x';
  CHECK(status_of(target.exchange(signed_post("/", event))) == 413);
  CHECK(status_of(target.exchange(chunked_post(to_json(event), 100))) == 413);
  CHECK(target.received().size() == 2);
  CHECK(target.exchanges().back().reason == "the body is larger than 1000 bytes");
}

TEST_CASE("a sender of far too much gets to read why it is refused") {
  WebhookTarget target({.max_body = k_max_body});
  const std::string body(3U << 20U, 'x');
  RawClient client(target.receiver().port());
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  CHECK(client.send(post_with(length, body)));
  CHECK(status_of(client.receive_all()) == 413);
  RawClient chunked(target.receiver().port());
  CHECK(chunked.send(chunked_post(body, 65'536)));
  CHECK(status_of(chunked.receive_all()) == 413);
}

TEST_CASE("a length above the limit is refused without waiting for the body") {
  WebhookTarget target({.max_body = k_max_body});
  for (const char* length : {"1001", "999999999999", "18446744073709551615"}) {
    CHECK(status_of(target.exchange(
              post_with("Content-Length: " + std::string(length) + "\r\n"))) == 413);
  }
  for (const char* size : {"3e9", "ffffffff", "ffffffffffffffff", "fffffffffffffffff"}) {
    CHECK(status_of(target.exchange(
              post_with("Transfer-Encoding: chunked\r\n", std::string(size) + "\r\n"))) == 413);
  }
}

TEST_CASE("a length that is missing or ambiguous or malformed is refused") {
  WebhookTarget target;
  const auto status_for = [&](const std::string& headers) {
    return status_of(target.exchange(post_with(headers, "0\r\n\r\n")));
  };
  CHECK(status_for("") == 411);
  CHECK(status_for("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 400);
  CHECK(status_for("Content-Length: 5\r\nContent-Length: 5\r\n") == 400);
  CHECK(status_for("Content-Length: -5\r\n") == 400);
  CHECK(status_for("Content-Length: 5, 5\r\n") == 400);
  CHECK(status_for("Content-Length : 5\r\n") == 400);
  CHECK(status_for("Transfer-Encoding: gzip\r\n") == 400);
  CHECK(target.received().empty());
}

TEST_CASE("malformed chunks are refused and the connection is closed") {
  WebhookTarget target;
  for (const std::string chunks :
       {"-5\r\nhello\r\n0\r\n\r\n", "zz\r\nhello\r\n0\r\n\r\n", "ffffffffffffffff\r\nhello\r\n"}) {
    INFO(chunks);
    RawClient client(target.receiver().port());
    CHECK(client.send(post_with("Transfer-Encoding: chunked\r\n", chunks)));
    const int status = status_of(client.receive_all());
    CHECK((status == 400 || status == 413));
  }
  CHECK(target.received().empty());
}

TEST_CASE("what is not HTTP is refused and reported") {
  WebhookTarget target;
  CHECK(status_of(target.exchange("hello\r\n\r\n")) == 400);
  REQUIRE(target.exchanges().size() == 1);
  CHECK(target.exchanges()[0].status == 400);
  CHECK(target.exchanges()[0].reason == "not a usable HTTP request");
  CHECK(status_of(target.exchange("POST /" + std::string(10'000, 'x') + " HTTP/1.1\r\n\r\n")) ==
        414);
}

TEST_CASE("thousands of headers, or a huge one, are refused") {
  WebhookTarget target;
  std::string headers;
  for (int i = 0; i < 20'000; ++i)
    headers += "x-" + std::to_string(i) + ": " + "y\r\n";
  for (const std::string& hostile : {headers, "x: " + std::string(1U << 20U, 'y') + "\r\n"}) {
    RawClient client(target.receiver().port());
    client.send(post_with(hostile + "Content-Length: 0\r\n"));
    CHECK(status_of(client.receive_all()) == 431);
  }
  CHECK(target.exchanges().size() == 2);
  CHECK(status_of(target.exchange(signed_post("/", event_now("x")))) == 200);
}

TEST_CASE("the sender's address cannot be forged with a header") {
  WebhookTarget target;
  const std::string forged = "REMOTE_ADDR: 203.0.113.9\r\nX-Forwarded-For: 203.0.113.9\r\n";
  CHECK(status_of(target.exchange(signed_post("/", event_now("x"), "secret", forged))) == 200);
  CHECK(target.exchanges()[0].peer == "127.0.0.1");
}

TEST_CASE("a request is recorded as it was sent, in order and not decoded") {
  std::promise<model::CaptureRecord> kept;
  WebhookTarget target({.verify = false, .record = [&](const model::CaptureRecord& record) {
                          kept.set_value(record);
                          return Result<void>();
                        }});
  const std::string body = to_json(event_now("x"));
  const model::HttpHeaders headers{{"x-Z", "%41%0d"},
                                   {"Host", "x"},
                                   {"content-TYPE", "application/json"},
                                   {"X-b", "2"},
                                   {"a", "1"},
                                   {"x-B", "1"},
                                   {"REMOTE_ADDR", "203.0.113.9"},
                                   {"Content-Length", std::to_string(body.size())}};
  std::string request = "POST http://user:hush@host/%2F?q=%20 HTTP/1.1\r\n";
  for (const auto& [name, value] : headers)
    request.append(name).append(":  ").append(value).append("\r\n");
  CHECK(status_of(target.exchange(request + "\r\n" + body)) == 404);
  const auto record = kept.get_future().get();
  const auto& exchange = std::get<model::HttpExchange>(record.content);
  CHECK(exchange.request.method == "POST");
  CHECK(exchange.request.target == "http://host/%2F?q=%20");
  CHECK(exchange.request.version == "HTTP/1.1");
  CHECK(exchange.request.headers == headers);
  CHECK(exchange.url == target.receiver().url() + "%2F");
}

TEST_CASE("IPv6 addresses can be listened on") {
  auto receiver = Receiver::start({.host = "::1", .port = 0}, nullptr, nullptr);
  if (!receiver) {
    WARN("this machine has no IPv6: " << receiver.error().message);
    return;
  }
  CHECK(receiver->url() == "http://[::1]:" + std::to_string(receiver->port()) + "/");
}
