// SPDX-License-Identifier: Apache-2.0
#include "cli/http_flags.hpp"
#include "support/command.hpp"
#include "support/condition.hpp"
#include "support/test_sockets.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <httplib.h>

using namespace topicloop;
using namespace topicloop::test;

namespace {

Arguments serve(const Arguments& more) {
  Arguments arguments{"serve-topics", "--listen", "127.0.0.1:0"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

broker::BrokerOptions options_with(const cli::HttpFlags& flags) {
  broker::BrokerOptions options;
  cli::set_http_options(options, flags);
  return options;
}

// Holds a port while it lives, if it can be had.
class HeldPort {
public:
  explicit HeldPort(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const auto address = loopback(port);
    is_held_ =
        ::bind(socket_.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::listen(socket_.fd(), 1) == 0;
  }
  bool is_held() const { return is_held_; }

private:
  OwnedSocket socket_;
  bool is_held_ = false;
};

}  // namespace

TEST_CASE("the HTTP port is 127.0.0.1:9090 and done without if it is taken") {
  const auto options = options_with({});
  CHECK(options.http_address == "127.0.0.1:9090");
  CHECK_FALSE(options.http_required);
  CHECK(options.http_poll_timeout == std::chrono::seconds(30));
}

TEST_CASE("an HTTP port that is asked for is required") {
  const auto options = options_with({.address = "[::1]:80", .poll_timeout = "2s"});
  CHECK(options.http_address == "[::1]:80");
  CHECK(options.http_required);
  CHECK(options.http_poll_timeout == std::chrono::seconds(2));
}

TEST_CASE("there is no HTTP port with --http none") {
  CHECK(options_with({.address = "none"}).http_address.empty());
  Command serving(serve({"--http", "none", "-o", "json"}));
  serving.out().wait_for_lines(1);
  CHECK(serving.records().at(0)["http"].is_null());
  CHECK(serving.interrupt_and_wait() == 130);
  CHECK_FALSE(contains(serving.err().text(), "http"));
}

TEST_CASE("serve-topics serves HTTP where --http says and says so") {
  Command serving(serve({"--http", "127.0.0.1:0", "-o", "json"}));
  serving.out().wait_for_lines(1);
  const std::string origin = serving.records().at(0)["http"];
  serving.err().wait_for("  http: " + origin + "\n");
  const auto answer = httplib::Client(origin).Get("/readyz");
  REQUIRE(answer);
  CHECK(answer->body == "ready\n");
  CHECK(serving.interrupt_and_wait() == 130);
}

TEST_CASE("a poll waits as long as --http-poll-timeout says") {
  Command serving(serve({"--http", "127.0.0.1:0", "--http-poll-timeout", "10ms"}));
  const auto answer =
      httplib::Client(serving.err().rest_of_line("  http: ")).Get("/topics/default-cache/t");
  REQUIRE(answer);
  CHECK(answer->body == R"({"items":[]})");
}

TEST_CASE("an HTTP port that was asked for and is taken ends serve-topics with 4") {
  const SilentPort taken;
  const Outcome outcome = run_command(serve({"--http", taken.endpoint()}));
  CHECK(outcome.exit_code == 4);
  CHECK(contains(outcome.err, "cannot listen on " + taken.endpoint()));
}

TEST_CASE("without --http a port that is taken is only warned of") {
  const HeldPort taken(9'090);
  Command serving(serve({}));
  serving.err().wait_for("  caches: default-cache\n");
  const bool has_http = contains(serving.err().text(), "  http: http://127.0.0.1:9090\n");
  CHECK_FALSE((has_http && taken.is_held()));
  if (!has_http) serving.err().wait_for("topicloop: warning: there is no HTTP port: ");
  CHECK(serving.interrupt_and_wait() == 130);
}

TEST_CASE("addresses and durations that are none are usage errors that name the flag") {
  for (const char* address : {"9090", "localhost", "unix:/tmp/x", "", "None"}) {
    INFO(address);
    const Outcome outcome = run_command(serve({"--http", address}));
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, "--http"));
    CHECK(contains(outcome.err, "expected HOST:PORT or none"));
  }
  const Outcome outcome = run_command(serve({"--http-poll-timeout", "soon"}));
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "--http-poll-timeout"));
}
