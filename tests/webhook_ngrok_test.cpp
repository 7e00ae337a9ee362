// SPDX-License-Identifier: Apache-2.0
#include "support/ngrok_agent.hpp"
#include "webhook/ngrok.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using test::NgrokAgent;
using webhook::find_ngrok_tunnel;
using webhook::tunnel_to_port;

TEST_CASE("the https tunnel to our port is found among others") {
  const std::string answer = test::tunnels({{"http://a.ngrok.app", "http://localhost:9000"},
                                            {"https://b.ngrok.app", "http://localhost:9001"},
                                            {"tcp://c.ngrok.app:1", "localhost:9000"},
                                            {"https://d.ngrok.app/", "http://localhost:9000"},
                                            {"https://e.ngrok.app", "http://localhost:9000"}});
  CHECK(**tunnel_to_port(answer, 9000) == "https://d.ngrok.app");
  CHECK(**tunnel_to_port(answer, 9001) == "https://b.ngrok.app");
  CHECK_FALSE(*tunnel_to_port(answer, 9002));
}

TEST_CASE("the address of a tunnel may be a URL, a host and port, or a port") {
  for (const std::string address : {"http://localhost:9000", "https://127.0.0.1:9000/",
                                    "localhost:9000", "9000", "[::1]:9000"}) {
    INFO(address);
    const auto found = tunnel_to_port(test::tunnels({{"https://x.ngrok.app", address}}), 9000);
    REQUIRE(found);
    CHECK(*found == "https://x.ngrok.app");
  }
  for (const std::string address : {"http://localhost", "localhost:90001", "file:///9000x", ""}) {
    INFO(address);
    CHECK_FALSE(*tunnel_to_port(test::tunnels({{"https://x.ngrok.app", address}}), 9000));
  }
}

TEST_CASE("no tunnels at all and entries that make no sense are no tunnel") {
  CHECK_FALSE(*tunnel_to_port(R"({"tunnels":[]})", 9000));
  CHECK_FALSE(*tunnel_to_port(
      R"({"tunnels":[1,{},{"config":1},{"config":{}},{"config":{"addr":9000},"public_url":2}]})",
      9000));
}

TEST_CASE("what is no answer of an agent is told") {
  for (const std::string answer : {"", "hello", "[]", "{}", R"({"tunnels":1})"}) {
    INFO(answer);
    const auto found = tunnel_to_port(answer, 9000);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::BadInput);
  }
}

TEST_CASE("an agent is asked over HTTP") {
  NgrokAgent agent;
  CHECK_FALSE(*find_ngrok_tunnel(agent.api(), 9000));
  agent.set_tunnels({{"https://x.ngrok.app", "http://localhost:9000"}});
  CHECK(**find_ngrok_tunnel(agent.api(), 9000) == "https://x.ngrok.app");
}

TEST_CASE("no agent, and something that is none, are told apart") {
  std::string api;
  {
    NgrokAgent agent;
    api = agent.api();
    agent.answer_with("<html>");
    const auto found = find_ngrok_tunnel(api, 9000);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::BadInput);
    CHECK(found.error().message == "what answers is not an ngrok agent at " + api);
  }
  const auto found = find_ngrok_tunnel(api, 9000);
  REQUIRE_FALSE(found);
  CHECK(found.error().kind == ErrorKind::Unavailable);
  CHECK(found.error().message == "no ngrok agent answers at " + api);
}
