// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_head.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::webhook;

namespace {

// 200 stands for a head that is fine, 0 for one that is not complete.
int status_of(const std::string& bytes) {
  HeadParser parser;
  if (!parser.advance(bytes)) return 0;
  return parser.refusal() ? parser.refusal()->status : 200;
}

HttpHead parsed(const std::string& bytes) {
  HeadParser parser;
  REQUIRE(parser.advance(bytes));
  CHECK(!parser.refusal());
  return parser.head();
}

// The status for a request with this header line.
int status_with(const std::string& line) {
  return status_of("POST / HTTP/1.1\r\nHost: x\r\n" + line + "\r\n\r\n");
}

HttpHead head_to(const std::string& target) {
  return parsed("POST " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
}

}  // namespace

TEST_CASE("a head is kept byte for byte and in order") {
  const HttpHead head = parsed(
      "POST /in%20?q=%0d HTTP/1.1\r\nx-B: 2\r\nHost:x\r\nX-a:  %41, \xc3\xbc \t\r\nx-b: 1\r\n"
      "empty:\r\n\r\n");
  CHECK(head.method == "POST");
  CHECK(head.target == "/in%20?q=%0d");
  CHECK(head.version == "HTTP/1.1");
  CHECK(head.headers ==
        model::HttpHeaders{
            {"x-B", "2"}, {"Host", "x"}, {"X-a", "%41, \xc3\xbc"}, {"x-b", "1"}, {"empty", ""}});
  CHECK(head.values("X-B") == std::vector<std::string>{"2", "1"});
}

TEST_CASE("a head that comes byte by byte is complete at its last") {
  const std::string bytes = "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n";
  HeadParser parser;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(parser.advance(bytes.substr(0, size)));
  CHECK(parser.advance(bytes + "GET / HTTP/1.1\r\n"));
  CHECK(parser.size() == bytes.size());
  CHECK(parser.head().method == "GET");
}

TEST_CASE("a request line that is not one is refused at its end") {
  for (const std::string line :
       {"hello", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1",
        "GET / x HTTP/1.1", "G@T / HTTP/1.1", "GET /\x01 HTTP/1.1", "GET /#x HTTP/1.1",
        "GET / HTTP/11", "GET / http/1.1", "GET /\r HTTP/1.1", "GET\t/ HTTP/1.1"}) {
    INFO(line);
    CHECK(status_of(line + "\r\n") == 400);
  }
  CHECK(status_of("PRI * HTTP/2.0\r\n") == 505);
  CHECK(status_of("GET / HTTP/0.9\r\n") == 505);
}

TEST_CASE("what starts like TLS is refused at its first byte") {
  CHECK(status_of("\x16\x03\x01") == 400);
  CHECK(status_of("\n") == 400);
}

TEST_CASE("a header that proxies may read differently is refused") {
  for (const std::string line : {"X-Api-Key : secret", " folded: x", "a: b\r\n folded", ": no name",
                                 "no colon", "a b: c", "a: b\rc: d", "a: b\nc: d", "Host: y"}) {
    INFO(line);
    CHECK(status_with(line) == 400);
  }
  CHECK(status_with(std::string("a: b\0c", 6)) == 400);
  CHECK(status_with("a: b\tc") == 200);
}

TEST_CASE("a request without a host is refused unless its version has none") {
  CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.0\r\n\r\n") == 200);
  CHECK(status_of("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("only 100-continue may be expected") {
  CHECK(status_with("Expect: 100-Continue") == 200);
  CHECK(status_with("Expect: a-miracle") == 417);
  CHECK(status_with("Expect: 100-continue, a-miracle") == 417);
}

TEST_CASE("a head that is too long is refused before it ends") {
  CHECK(status_of("GET /" + std::string(k_max_line, 'x')) == 414);
  CHECK(status_of("GET / HTTP/1.1\r\nx: " + std::string(k_max_line, 'x')) == 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (std::size_t i = 0; i <= k_max_headers; ++i)
    many += "x: y\r\n";
  CHECK(status_of(many) == 431);
  std::string large = "GET / HTTP/1.1\r\n";
  while (large.size() <= k_max_head)
    large += "x: " + std::string(4'000, 'y') + "\r\n";
  CHECK(status_of(large) == 431);
  std::string blank_lines;
  while (blank_lines.size() <= k_max_head)
    blank_lines += "\r\n";
  CHECK(status_of(blank_lines) == 431);
}

TEST_CASE("a path is found in every form of target") {
  CHECK(head_to("/in?x=/y").path() == "/in");
  CHECK(head_to("http://host:80/in?x").path() == "/in");
  CHECK(head_to("http://host").path() == "/");
  CHECK(head_to("http://host?x").path() == "/");
  CHECK(head_to("*").path() == "*");
  CHECK(head_to("/a/http://b").path() == "/a/http://b");
}

TEST_CASE("a path is the one wanted also when it is percent-encoded") {
  CHECK(head_to("/in").is_for("/in"));
  CHECK(head_to("/%69%6E").is_for("/in"));
  CHECK(head_to("/a%20b").is_for("/a%20b"));
  CHECK_FALSE(head_to("/in%2").is_for("/in"));
  CHECK_FALSE(head_to("/in/").is_for("/in"));
  CHECK_FALSE(head_to("/IN").is_for("/in"));
}

TEST_CASE("a user and a password in a target are not kept") {
  CHECK(head_to("http://user:pw@host/in?a=b@c").target == "http://host/in?a=b@c");
  CHECK(head_to("HTTPS://user:p@w@host").target == "HTTPS://host");
  CHECK(head_to("user:pw@host:443").target == "host:443");
  CHECK(head_to("/in@x?a:b@c").target == "/in@x?a:b@c");
}

TEST_CASE("a connection is kept as the sender's version and headers say") {
  const auto keeps = [](const std::string& version, const std::string& connection) {
    return parsed("GET / HTTP/" + version + "\r\nHost: x\r\nConnection: " + connection + "\r\n\r\n")
        .keeps_connection();
  };
  CHECK(keeps("1.1", ""));
  CHECK(keeps("1.1", "upgrade"));
  CHECK_FALSE(keeps("1.1", "Close"));
  CHECK_FALSE(keeps("1.1", "keep-alive , close"));
  CHECK_FALSE(keeps("1.0", ""));
  CHECK(keeps("1.0", "Keep-Alive"));
}
