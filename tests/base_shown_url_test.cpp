// SPDX-License-Identifier: Apache-2.0
#include "base/shown_url.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;

TEST_CASE("a URL without credentials is shown byte for byte") {
  for (const char* url :
       {"", "http://h", "http://h:1/path?a=1&b=%20&c#d", "https://[::1]:9000/@scope/x?mail=a@b",
        "http://h/?token", "http://h/?token=", "http://h/?monkey=1&passenger=2&tok=3&x",
        "/path?a=1", "not a URL", "http://h/?a=b=c&&=&"}) {
    INFO(url);
    CHECK(without_credentials(url) == url);
  }
}

TEST_CASE("user and password of a URL are not shown") {
  CHECK(without_credentials("https://me:hush@h/path?a=1") == "https://***@h/path?a=1");
  CHECK(without_credentials("https://token@h:1") == "https://***@h:1");
  CHECK(without_credentials("https://me:hu@sh@h/x@y") == "https://***@h/x@y");
  CHECK(without_credentials("me:hush@h/") == "***@h/");
  CHECK(without_credentials("//me:hush@h?x") == "//***@h?x");
  CHECK(without_credentials("http://me:hush@h?u=http://x/") == "http://***@h?u=http://x/");
}

TEST_CASE("the values of secret parameters are not shown") {
  CHECK(without_credentials("http://h/?a=1&token=hush&b=2") == "http://h/?a=1&token=***&b=2");
  CHECK(without_credentials("http://h?token=hu=sh#access_token=hush&b=2") ==
        "http://h?token=***#access_token=***&b=2");
  CHECK(without_credentials("http://h/?a;key=hush;b&c") == "http://h/?a;key=***&c");
  CHECK(without_credentials("http://h/?a=1?key=hush") == "http://h/?a=1?key=***");
  CHECK(without_credentials("/?key=hu?sh;hush#x") == "/?key=***#x");
  CHECK(without_credentials("/?to=http://me:hush@h/x@y&a") == "/?to=http://***@h/x@y&a");
  CHECK(without_credentials("/hook?%2574oken=hush") == "/hook?%2574oken=***");
  CHECK(without_credentials("/hook?%74oken=hush") == "/hook?%74oken=***");
}

TEST_CASE("a parameter is secret if its name says so, however it is written") {
  for (const char* name : {"token",
                           "TOKEN",
                           "access_token",
                           "refreshToken",
                           "key",
                           "api_key",
                           "api-key",
                           "apiKey",
                           "X-Api-Key",
                           "secret",
                           "client_secret",
                           "password",
                           "passwd",
                           "pwd",
                           "pass",
                           "signature",
                           "sig",
                           "X-Amz-Signature",
                           "X-Amz-Credential",
                           "X-Amz-Security-Token",
                           "auth",
                           "auth_token",
                           "authorization",
                           "jwt",
                           "code",
                           "x-functions-key",
                           "Ocp-Apim-Subscription-Key",
                           "sessionToken",
                           "user[token]",
                           "%6Bey",
                           "to%6ben",
                           "sas",
                           "hmac"}) {
    INFO(name);
    CHECK(is_credential_name(name));
  }
  for (const char* name : {"", "a", "topic", "author", "passenger", "encode", "design", "keyboard",
                           "country_code", "id", "seq", "cache", "%", "%6", "%zz"}) {
    INFO(name);
    CHECK_FALSE(is_credential_name(name));
  }
}

TEST_CASE("what is no URL is shown from its last at sign on") {
  CHECK(without_credentials_if_malformed("http://me:pa/ss@h/") == "http://***@h/");
  CHECK(without_credentials_if_malformed("ftp://me:hush@h/?key=hush") == "ftp://***@h/?key=***");
  CHECK(without_credentials_if_malformed("http:/me:pa?s#s@h") == "***@h");
  CHECK(without_credentials_if_malformed("localhost:9000") == "localhost:9000");
}
