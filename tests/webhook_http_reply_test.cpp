// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_reply.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop::webhook;

TEST_CASE("an answer says its length and whether another request may follow") {
  const HttpReply reply{405, "text/plain", "no", {{"Allow", "POST"}}};
  const std::string head =
      "HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nAllow: POST\r\n"
      "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n";
  CHECK(to_bytes(reply, Connection::Close) == head + "no");
  CHECK(to_bytes(reply, Connection::Close, true) == head);
  CHECK(to_bytes({.status = 299}, Connection::KeepAlive) ==
        "HTTP/1.1 299 \r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("a status without a body is sent without one") {
  for (const int status : {204, 304}) {
    const std::string bytes = to_bytes({status, "text/plain", "x", {}}, Connection::KeepAlive);
    CHECK(bytes.ends_with("\r\nConnection: keep-alive\r\n\r\n"));
  }
}
