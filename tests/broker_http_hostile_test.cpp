// SPDX-License-Identifier: Apache-2.0
// What the service's HTTP port does with HTTP that is malformed or hostile.
#include "broker/http_front.hpp"
#include "support/http_service.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

std::string post_with(const std::string& headers, const std::string& rest = "") {
  return "POST /topics/cache/t HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + rest;
}

// The status of the answer to these bytes; the connection must end with it.
int status_for(const HttpService& service, const std::string& request) {
  RawClient client(service.port());
  client.send(request);
  return status_of(client.receive_all());
}

std::size_t published(const HttpService& service) {
  return service.get("/state").json()["caches"][0]["published"]["messages"];
}

}  // namespace

TEST_CASE("a body in chunks is put together, and refused when it is too large") {
  const HttpService service;
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  RawClient client(service.port());
  client.send(post_with(chunked, "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"));
  CHECK(status_of(client.receive_until("\r\n\r\n")) == 204);
  CHECK(service.get("/topics/cache/t?sequence_number=1").body.find("\"hello\"") !=
        std::string::npos);

  RawClient large(service.port());
  large.send(post_with(chunked));
  const std::string chunk = "100000\r\n" + std::string(1U << 20U, 'x') + "\r\n";
  for (int i = 0; i < 11; ++i)
    large.send(chunk);
  large.send("0\r\n\r\n");
  CHECK(status_of(large.receive_until("}")) == 413);
  CHECK(published(service) == 1);
}

TEST_CASE("a length of a body that is missing, ambiguous or malformed is refused") {
  const HttpService service;
  const auto status = [&](const std::string& headers) {
    return status_for(service, post_with(headers, "0\r\n\r\n"));
  };
  CHECK(status("") == 411);
  CHECK(status("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 400);
  CHECK(status("Content-Length: 5\r\nContent-Length: 6\r\n") == 400);
  CHECK(status("Content-Length: -5\r\n") == 400);
  CHECK(status("Content-Length: 99999999999\r\n") == 413);
  CHECK(status("Transfer-Encoding: gzip\r\n") == 400);
  CHECK(status("Content-Length: 5\r\nContent-Encoding: gzip\r\n") == 415);
  CHECK(status("Content-Length: 5\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n") == 400);
  CHECK(published(service) == 0);
}

TEST_CASE("a body where none belongs is not read as the next request") {
  const HttpService service;
  const std::string smuggled = post_with("Content-Length: 1\r\n", "x");
  const std::string length = "Content-Length: " + std::to_string(smuggled.size()) + "\r\n";
  for (const char* line : {"GET /topics/cache/t?sequence_number=1", "GET /healthz", "GET /state",
                           "POST /unblock", "PUT /state", "DELETE /nothing"}) {
    INFO(line);
    const int status = status_for(
        service, std::string(line) + " HTTP/1.1\r\nHost: x\r\n" + length + "\r\n" + smuggled);
    CHECK(status != 0);
  }
  CHECK(published(service) == 0);
}

TEST_CASE("huge headers and long targets do no harm") {
  const HttpService service;
  {
    RawClient client(service.port());
    std::string headers;
    for (int i = 0; i < 20'000; ++i)
      headers += "x-" + std::to_string(i) + ": y\r\n";
    client.send("GET /healthz HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
    CHECK(status_of(client.receive_all()) >= 200);
  }
  {
    RawClient client(service.port());
    client.send("GET /topics/cache/" + std::string(10'000, 'x') + " HTTP/1.1\r\n\r\n");
    const std::string answer = client.receive_until("}");
    CHECK(status_of(answer) == 414);
    CHECK(answer.find("\"status\":\"error\"") != std::string::npos);
  }
  CHECK(service.get("/healthz").status == 200);
}

TEST_CASE("a path of 2048 bytes is served and a longer one is not") {
  const HttpService service;
  std::string target = "/topics/cache/";
  target.append(2'048 - target.size(), 'x');
  CHECK(service.post(target, "x", "text/plain").status == 204);
  CHECK(service.get(target + "?sequence_number=1").status == 200);
  target += 'x';
  CHECK(service.post(target, "x", "text/plain").status == 414);
  CHECK(service.get(target).status == 414);
}

TEST_CASE("what is not HTTP is refused") {
  const HttpService service;
  RawClient client(service.port());
  client.send("hello\r\n\r\n");
  CHECK(status_of(client.receive_until("}")) == 400);
}

TEST_CASE("requests that never finish keep nobody else waiting") {
  const HttpService service;
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<RawClient>(service.port()));
    slow.back()->send(i % 2 == 0 ? "GET /state HTT" : post_with("Content-Length: 100\r\n", "x"));
  }
  CHECK(service.get("/healthz").status == 200);
  CHECK(service.post("/topics/cache/t", "x", "text/plain").status == 204);
}

TEST_CASE("a header of the client's does not pass for its address") {
  auto options = http_options_for_tests();
  options.http_poll_timeout = std::chrono::hours(1);
  const HttpService service(std::move(options));
  {
    RawClient client(service.port());
    client.send(
        "GET /topics/cache/t HTTP/1.1\r\nREMOTE_ADDR: 203.0.113.9\r\nREMOTE_PORT: 1\r\n\r\n");
    REQUIRE(eventually([&] { return service.subscribers() == 1; }));
  }
  CHECK(eventually([&] { return service.subscribers() == 0; }));
}
