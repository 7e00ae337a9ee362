// SPDX-License-Identifier: Apache-2.0
#include "webhook/request.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace topicloop;
using namespace topicloop::webhook;
using namespace std::chrono_literals;

namespace {

const model::Webhook k_webhook{{"my-cache", "hook"}, "news", "http://127.0.0.1:9000/in"};

model::Message message(model::Value value) {
  return {"my-cache", "news", 42, 7, "publisher", std::move(value)};
}

}  // namespace

TEST_CASE("a text message becomes the documented request") {
  const Signer signer("secret");
  const SignedRequest request = make_request(k_webhook, message(model::Value::text("hi")),
                                             SystemTime{1'000ms}, SystemTime{1'234ms}, signer);
  CHECK(request.url == "http://127.0.0.1:9000/in");
  CHECK(request.body ==
        R"({"cache":"my-cache","topic":"news","event_timestamp":1000,"publish_timestamp":1234,)"
        R"("topic_sequence_number":42,"token_id":"publisher","text":"hi"})");
  CHECK(request.id == short_id(signer.sign(request.body)));
  const decltype(request.headers) expected = {
      {"Content-Type", "application/json"},
      {"User-Agent", "Momento/1.0 (Webhooks; +https://docs.momentohq.com/topics/webhooks)"},
      {"momento-signature", signer.sign(request.body)}};
  CHECK(request.headers == expected);
}

TEST_CASE("a binary message travels as base64 and says so") {
  const SignedRequest request =
      make_request(k_webhook, message(model::Value::binary(std::string("\xFF\0\x01", 3))),
                   SystemTime{}, SystemTime{}, Signer("secret"));
  CHECK(request.body.ends_with(R"("text":"/wAB"})"));
  REQUIRE(request.headers.size() == 4);
  CHECK(request.headers[3].first == "topicloop-text-encoding");
  CHECK(request.headers[3].second == "base64");
}

TEST_CASE("the short id is the first eight digits of the signature") {
  CHECK(short_id("b43f72787eb66410ff110295b036ef82") == "b43f7278");
  CHECK(short_id("b43") == "b43");
}

TEST_CASE("absolute http and https URLs with a host are accepted") {
  for (const std::string url :
       {"http://localhost", "https://example.com/path?query=1", "http://127.0.0.1:9000/",
        "http://[::1]:9000/hook", "HTTP://EXAMPLE.COM", "https://user:word@example.com/"}) {
    INFO(url);
    CHECK(check_url(url));
  }
}

TEST_CASE("other URLs are refused by name") {
  for (const std::string url :
       {"", "someurl.com", "/path", "ftp://example.com", "file:///etc/passwd", "http://",
        "http:///path", "http:/path", "http:path", "http://example.com:99999/",
        "http://exa mple.com/", "mailto:a.b.c", "http://example.com/\r\nX: y"}) {
    INFO(url);
    const auto checked = check_url(url);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == ErrorKind::InvalidArgument);
    CHECK(checked.error().message.starts_with("URL \"" + url + "\" "));
  }
  CHECK_FALSE(check_url(std::string("http://example.com\0.evil", 24)));
}

TEST_CASE("a URL that is refused is named without the password in it") {
  for (const char* url :
       {"ftp://me:hush@h/", "http://me:hu/sh@h/", "http://me:hush@h:99999/?key=hush",
        "mailto:hush@b.c", "http://me:hush@/"}) {
    INFO(url);
    const auto checked = check_url(url);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().message.find("hu") == std::string::npos);
  }
}
