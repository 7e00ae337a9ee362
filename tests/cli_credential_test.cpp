// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "broker/key.hpp"
#include "cli/credential.hpp"
#include "support/tokens.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::cli;
using namespace topicloop::test;

namespace {

Credential read(const std::string& text) {
  auto credential = parse_credential(text, "FILE");
  if (!credential) FAIL(credential.error().message);
  return *credential;
}

struct Malformed {
  std::string text;
  std::string why;
};

// A word that appears in every one of them and must in no error.
constexpr const char* k_secret = "hunter2";

}  // namespace

TEST_CASE("a V1 key gives its endpoint and the key inside, which alone is sent") {
  const auto key = read(v1_key("cell-4.a.momentohq.com", "the-key"));
  CHECK(key.kind == KeyKind::V1);
  CHECK(key.api_key == "the-key");
  CHECK(key.endpoint == ServiceEndpoint{"cell-4.a.momentohq.com", 443});
  CHECK_FALSE(key.expires_at);
}

TEST_CASE("a V1 key is read in either alphabet, with and without padding and white space") {
  // Its base64 has both + and /, and two signs of padding.
  const std::string key = ">>>???~~~x";
  const std::string standard = v1_key("a.com", key);
  std::string url = standard;
  for (char& c : url)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  const std::string bare = url.substr(0, url.find('='));
  for (const auto& text : {standard, url, bare, " " + standard + "\r\n"}) {
    INFO(text);
    CHECK(read(text).api_key == key);
  }
}

TEST_CASE("the byte order mark of an editor is no part of a key") {
  const auto read = parse_credential("\xEF\xBB\xBFsome-key\n", "file");
  REQUIRE(read);
  CHECK(read->api_key == "some-key");
}

TEST_CASE("a V1 key tells when the key inside expires and its token id") {
  broker::Claims claims;
  claims.token_id = "desk 7";
  claims.expires_at = at_second(1'800'000'000);
  const auto key = read(v1_key("a.com", broker::sign_key(claims, "secret")));
  CHECK(key.expires_at == at_second(1'800'000'000));
  CHECK(key.token_id == "desk 7");
}

TEST_CASE("a V2 key is a JSON Web Token of type g and is sent whole") {
  const std::string text = token(R"({"t":"g","id":"x","exp":1800000000})");
  const auto key = read(text);
  CHECK(key.kind == KeyKind::V2);
  CHECK(key.api_key == text);
  CHECK_FALSE(key.endpoint);
  CHECK(key.expires_at == at_second(1'800'000'000));
}

TEST_CASE("a legacy token names its hosts, and its token host is that of the cache") {
  const auto key = read(token(R"({"sub":"a","cp":"control.x.com","c":"cache.x.com:9443"})"));
  CHECK(key.kind == KeyKind::Legacy);
  CHECK(key.hosts == Hosts{"cache.x.com:9443", "control.x.com:443", "cache.x.com:9443"});
}

TEST_CASE("the kinds of other keys are told apart") {
  CHECK(read(broker::sign_key({}, "secret")).kind == KeyKind::Local);
  CHECK(read(token(R"({"sub":"somebody"})")).kind == KeyKind::Session);
  for (const char* text : {"abcd", "a.b.c", "x", "0123-abc"})  // The first is base64 by accident.
    CHECK(read(text).kind == KeyKind::Opaque);
}

TEST_CASE("a key has expired from the second it names on, and is told with the date") {
  const auto key = read(token(R"({"t":"g","exp":1800000000})"));
  CHECK(check_expiry(key, at_second(1'799'999'999)));
  const auto expired = check_expiry(key, at_second(1'800'000'000));
  REQUIRE_FALSE(expired);
  CHECK(expired.error().kind == ErrorKind::Unauthenticated);
  CHECK(expired.error().message == "the key in FILE expired at 2027-01-15T08:00:00.000000Z");
  // The end of the year 9999: never.
  CHECK_FALSE(read(token(R"({"exp":253402300799})")).expires_at);
}

TEST_CASE("keys are taken out of a text, and nothing else") {
  const std::string v1 = v1_key("a.com", "hunter2");
  CHECK(without_keys("not expected: --api-kye " + v1 + ", x") ==
        "not expected: --api-kye [a key], x");
  CHECK(without_keys(token("{}")) == "[a key]");
  for (const std::string text : {"", "an eyJ", "cell-4-us-west-2-1.prod.a.momentohq.com"})
    CHECK(without_keys(text) == text);
}

TEST_CASE("what is wrong with a key is said without any of it") {
  const std::string v1 = v1_key("a.com", std::string(k_secret) + "hunter2hunter2hunter2");
  const std::string v2 = token(R"({"t":"g","hunter2":"hunter2"})");
  const Malformed malformed[] = {
      {"", "no API key can be read"},
      {" \n", "no API key can be read"},
      {"\"" + v2 + "\"", "quotes"},
      {"'hunter2'", "quotes"},
      {"Bearer hunter2", "Bearer"},
      {R"({"api_key":"hunter2"})", "JSON document"},
      {"hunter2 hunter2", "(character 8 of 15)"},
      {"hunter2\nhunter2", "line break"},
      {"hunter2\xC3\xA9", "another character"},
      {v1.substr(0, v1.find('=') - 1), "not whole"},
      {v1.substr(0, v1.size() - 8), "not whole"},
      {v1.substr(0, v1.size() / 4 * 4 - 8), "not whole"},
      {to_base64(R"({"endpoint":"hunter2"})"), "no api_key"},
      {to_base64(R"({"endpoint":"hunter2","api_key":7})"), "no api_key"},
      {to_base64(R"({"endpoint":"hunter2","api_key":""})"), "no api_key"},
      {to_base64(R"({"endpoint":"hunter2 x","api_key":"hunter2"})"), "endpoint is not a host"},
      {to_base64(R"({"endpoint":"","api_key":"hunter2"})"), "endpoint is not a host"},
      {to_base64(R"({"endpoint":"a.com","api_key":"hunter2 x"})"), "character"},
      {v2.substr(0, v2.rfind('.')), "2 parts between dots instead of 3"},
      {v2 + ".hunter2", "4 parts between dots instead of 3"},
      {v2.substr(0, v2.rfind('.') + 1), "without its signature"},
      {"eyJhbGciOiJIUzI1NiJ9.hunter2." + v2, "parts between dots"},
      {"eyJhbGciOiJIUzI1NiJ9.hunter2.hunter2", "claims cannot be read"},
      {token(R"({"c":"hunter2:x","cp":"b"})"), "hosts cannot be read"},
      {token(R"({"t":"g","exp":-1})"), "\"exp\" is not a time"},
      {token(R"({"t":"g","exp":"hunter2"})"), "\"exp\" is not a time"},
      {token(R"({"t":"g","exp":null})"), "\"exp\" is not a time"},
      {token(R"({"t":"g","exp":1e300})"), "\"exp\" is not a time"},
      {token(R"({"exp":1800000000000})"), "\"exp\" is not a time"},
      {v1_key("a.com", token(R"({"exp":-1})")), "\"exp\" is not a time"},
      {"W10=", "JSON that is not an object"},
      {to_base64(R"("hunter2")"), "JSON that is not an object"},
      {to_base64(R"(["hunter2"])"), "JSON that is not an object"},
  };
  for (const auto& [text, why] : malformed) {
    const auto key = parse_credential(text, "FILE");
    INFO(text);
    REQUIRE_FALSE(key);
    INFO(key.error().message);
    CHECK(key.error().kind == ErrorKind::BadInput);
    CHECK(key.error().message.find("FILE") != std::string::npos);
    CHECK(key.error().message.find(why) != std::string::npos);
    CHECK((key.error().message + key.error().help).find(k_secret) == std::string::npos);
  }
}
