// SPDX-License-Identifier: Apache-2.0
#include "cli/machine_checks.hpp"
#include "support/http_site.hpp"
#include "support/test_sockets.hpp"
#include "support/tokens.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::cli;
using namespace topicloop::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

HttpSite site_with(const std::string& body) {
  return HttpSite([body](const httplib::Request& request, httplib::Response& response) {
    response.status = request.path == "/api/tunnels" ? 200 : 404;
    response.set_header("Date", "Fri, 15 Jan 2027 08:00:00 GMT");
    response.set_content(body, "application/json");
  });
}

std::uint16_t port_of(const std::string& endpoint) {
  return static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.find(':') + 1)));
}

}  // namespace

TEST_CASE("the clock is compared with the service's, and a little is tolerated") {
  const HttpSite site = site_with("");
  constexpr long k_there = 1'800'000'000;
  for (const long seconds : {-8L, 0L}) {
    CHECK(check_clock(site.origin(), "", at_second(k_there + seconds)).status == CheckStatus::Ok);
  }
  const Check ahead = check_clock(site.origin(), "", at_second(k_there + 3'600));
  CHECK(ahead.status == CheckStatus::Warning);
  CHECK(contains(ahead.detail, "ahead of"));
  CHECK_FALSE(ahead.help.empty());
  const Check behind = check_clock(site.origin(), "", at_second(k_there - 3'600));
  CHECK(behind.status == CheckStatus::Warning);
  CHECK(contains(behind.detail, "behind"));
}

TEST_CASE("without a service that tells the time the clock is not judged") {
  CHECK(check_clock("", "", at_second(0)).status == CheckStatus::Skipped);
  CHECK(check_clock("http://127.0.0.1:1/", "", at_second(0)).status == CheckStatus::Skipped);
}

TEST_CASE("a port is free, or somebody is named who has it") {
  std::uint16_t port = 0;
  {
    const SilentPort taken;
    port = port_of(taken.endpoint());
    const Check check = check_port(port);
    CHECK(check.name == "port " + std::to_string(port));
    CHECK(check.status == CheckStatus::Warning);
    CHECK(contains(check.detail, "process " + std::to_string(::getpid())));
    CHECK(contains(check.help, "--listen"));
  }
  CHECK(check_port(port).status == CheckStatus::Ok);
}

TEST_CASE("the tunnels of ngrok's agent are listed") {
  const HttpSite site = site_with(
      R"({"tunnels":[{"public_url":"https://a.ngrok.app","config":{"addr":"http://localhost:9000"}},
                     {"public_url":"tcp://b"},{"public_url":7},"x"]})");
  const Check check = check_ngrok(site.origin());
  CHECK(check.status == CheckStatus::Ok);
  CHECK(check.detail == "https://a.ngrok.app -> http://localhost:9000, tcp://b -> ?");
}

TEST_CASE("no agent is normal; one without tunnels and one that is none are told") {
  CHECK(check_ngrok("http://127.0.0.1:1").status == CheckStatus::Ok);
  const HttpSite idle = site_with(R"({"tunnels":[]})");
  CHECK(contains(check_ngrok(idle.origin()).help, "ngrok http 9000"));
  for (const std::string body : {"<html>", "[]", R"({"tunnels":7})", ""}) {
    const HttpSite site = site_with(body);
    const Check check = check_ngrok(site.origin());
    CHECK(check.status == CheckStatus::Warning);
    CHECK(contains(check.detail, "no ngrok agent"));
  }
}
