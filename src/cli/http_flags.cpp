// SPDX-License-Identifier: Apache-2.0
#include "cli/http_flags.hpp"

#include "base/address.hpp"
#include "cli/context.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace topicloop::cli {

namespace {

constexpr const char* k_default_address = "127.0.0.1:9090";
constexpr const char* k_none = "none";

std::string check_http_address(const std::string& text) {
  if (text == k_none) return "";
  const auto address = parse_address(text);
  if (address && !address->is_unix()) return "";
  return fmt::format("\"{}\" is not an address for HTTP: expected HOST:PORT or none", text);
}

}  // namespace

void add_http_flags(CLI::App& command, HttpFlags& flags) {
  command
      .add_option("--http", flags.address,
                  "Address for the HTTP API, health, metrics and state; or none")
      ->check(check_http_address)
      ->option_text("HOST:PORT (127.0.0.1:9090)");
  command
      .add_option("--http-poll-timeout", flags.poll_timeout,
                  "How long a GET of a topic waits for a message")
      ->check(check_duration)
      ->option_text("DURATION (30s)");
}

void set_http_options(broker::BrokerOptions& options, const HttpFlags& flags) {
  // A second service on this machine needs another --listen; that must be all it needs.
  options.http_required = !flags.address.empty();
  options.http_address = flags.address.empty() ? k_default_address : flags.address;
  if (options.http_address == k_none) options.http_address.clear();
  options.http_poll_timeout = value_or_throw(parse_duration(flags.poll_timeout));
}

}  // namespace topicloop::cli
