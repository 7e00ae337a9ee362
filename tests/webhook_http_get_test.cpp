// SPDX-License-Identifier: Apache-2.0
#include "support/http_site.hpp"
#include "support/test_sockets.hpp"
#include "webhook/http_get.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using webhook::http_get;

TEST_CASE("any answer is one, with its status, body and date") {
  const HttpSite site([](const httplib::Request& request, httplib::Response& response) {
    response.status = 404;
    response.set_header("dAtE", "Fri, 15 Jan 2027 08:00:00 GMT");
    response.set_content("no " + request.path, "text/plain");
  });
  const auto answer = http_get({.url = site.origin() + "/here"});
  REQUIRE(answer);
  CHECK(answer->status == 404);
  CHECK(answer->body == "no /here");
  CHECK(answer->date == SystemTime(std::chrono::seconds(1'800'000'000)));
}

TEST_CASE("a date that is none is left out") {
  const HttpSite site([](const httplib::Request&, httplib::Response& response) {
    response.set_header("Date", "soon");
  });
  const auto answer = http_get({.url = site.origin()});
  REQUIRE(answer);
  CHECK_FALSE(answer->date);
}

TEST_CASE("without an answer in time, or without a server, it is Unavailable and names the URL") {
  const SilentPort silent;
  for (const std::string& url :
       {"http://" + silent.endpoint() + "/", std::string("http://127.0.0.1:1/")}) {
    const auto answer = http_get({.url = url, .timeout = std::chrono::milliseconds(50)});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::Unavailable);
    CHECK(answer.error().message.find(url) != std::string::npos);
  }
}

TEST_CASE("a body without end is not taken in") {
  const HttpSite site([](const httplib::Request&, httplib::Response& response) {
    response.set_content(std::string(2U << 20U, 'x'), "text/plain");
  });
  CHECK_FALSE(http_get({.url = site.origin()}));
}
