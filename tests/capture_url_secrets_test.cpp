// SPDX-License-Identifier: Apache-2.0
#include "capture/url_secrets.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <utility>

using topicloop::capture::leave_out_url_secrets;

namespace {

using What = std::vector<std::string>;

std::string kept_of(std::string url) {
  leave_out_url_secrets(url);
  return url;
}

What left_out_of(std::string url) {
  return leave_out_url_secrets(url);
}

}  // namespace

TEST_CASE("the values of parameters that carry keys are left out, whatever their case") {
  CHECK(kept_of("/x?a=1&API_KEY=k&token&token=t&Key=") ==
        "/x?a=1&API_KEY=redacted&token&token=redacted&Key=redacted");
  CHECK(left_out_of("/x?a=1&API_KEY=k&token&token=t") == What{"query:API_KEY", "query:token"});
}

TEST_CASE("a parameter's name is compared as a server reads it") {
  for (const auto& [url, kept] : std::vector<std::pair<std::string, std::string>>{
           {"/?%74oken=hush", "/?%74oken=redacted"},
           {"/?%54%4F%4b%45%4E=hush", "/?%54%4F%4b%45%4E=redacted"},
           {"/?%2574oken=hush", "/?%2574oken=redacted"},
           {"/?token%5B%5D=hush", "/?token%5B%5D=redacted"},
           {"/?user[password]=hush", "/?user[password]=redacted"},
           {"/?+token+=hush", "/?+token+=redacted"},
           {"/?a=1;token=hush;more", "/?a=1;token=redacted"},
           {"/?token=hush;more=hush", "/?token=redacted"},
           {"/?a=b?token=hush", "/?a=b?token=redacted"},
           {"/#access_token=hush", "/#access_token=redacted"},
           {"/?a=1#token=hush&b=2", "/?a=1#token=redacted&b=2"},
           {"?secret=hu=sh", "?secret=redacted"}}) {
    INFO(url);
    CHECK(kept_of(url) == kept);
    CHECK(left_out_of(url).size() == 1);
  }
}

TEST_CASE("a URL without secrets stays as it is") {
  for (const char* url :
       {"", "*", "/", "/x?a=b&&=&%=%zz&monkey=2&passenger=1", "/a//b@c?d=e@f",
        "http://host:80/@user", "//host/x", "/%74oken=x", "http://[::1]:80/a@b"}) {
    INFO(url);
    CHECK(kept_of(url) == url);
    CHECK(left_out_of(url).empty());
  }
}

TEST_CASE("user and password before a host are left out") {
  for (const auto& [url, kept] : std::vector<std::pair<std::string, std::string>>{
           {"http://user:pw@host/x@y", "http://host/x@y"},
           {"HTTP://user@host", "HTTP://host"},
           {"http://u:p@w@host/", "http://host/"},
           {"//u:p@host/", "//host/"},
           {"user:pw@host:443", "host:443"},
           {"http://127.0.0.1:9000http://u:p@host/", "http://127.0.0.1:9000http://host/"},
           {"http://user:p/w@host/", "http://host/"},
           {"http://user:p?w@host/?a=b", "http://host/?a=b"},
           {"/?to=http://u:p@host/x", "/?to=http://host/x"}}) {
    INFO(url);
    CHECK(kept_of(url) == kept);
    CHECK(left_out_of(url) == What{"userinfo"});
  }
}
