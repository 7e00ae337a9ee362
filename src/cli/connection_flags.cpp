// SPDX-License-Identifier: Apache-2.0
#include "cli/connection_flags.hpp"

#include "base/address.hpp"
#include "cli/api_key.hpp"
#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr const char* k_local_service = "127.0.0.1:8080";
constexpr const char* k_default_cache = "default-cache";
// A service that is just starting is waited for without a word about it.
constexpr std::chrono::milliseconds k_quiet_wait{500};

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// `reason` as the checks of flags give it: empty if there is nothing wrong.
void check_variable(const char* name, const std::string& reason) {
  if (reason.empty()) return;
  throw CommandError({ErrorKind::Usage, fmt::format("{}: {}", name, reason), ""});
}

}  // namespace

void add_cache_flag(CLI::App& command, ConnectionFlags& flags) {
  command
      .add_option("--cache", flags.cache,
                  "Cache the topic is in (MOMENTO_CACHE_NAME, else default-cache)")
      ->check(check_name)
      ->option_text("NAME");
}

void add_connection_flags(CLI::App& command, ConnectionFlags& flags) {
  add_cache_flag(command, flags);
  command
      .add_option("--local", flags.local,
                  "Local service (TOPICLOOP_LOCAL, else 127.0.0.1:8080); or unix:PATH")
      ->expected(0, 1)
      ->default_str(k_local_service)
      ->check(check_service_address)
      ->option_text("[HOST:PORT]");
  command
      .add_option("--connect-timeout", flags.connect_timeout,
                  "How long to wait for a service that is not up yet")
      ->check(check_duration)
      ->option_text("DURATION");
  command
      .add_option("--api-key-file", flags.api_key_file,
                  "Key, or an SDK's credential, to send (else MOMENTO_API_KEY)")
      ->option_text("FILE");
  command.add_flag("--tls", flags.tls, "Connect with TLS; the system's authorities are trusted");
  command
      .add_option("--cacert", flags.ca_file, "Connect with TLS; these authorities are trusted, PEM")
      ->option_text("FILE");
}

bool names_a_service(const ConnectionFlags& flags) {
  return !flags.local.empty() || !flags.api_key_file.empty() || flags.tls ||
         !flags.ca_file.empty() || !from_environment("TOPICLOOP_LOCAL").empty();
}

topic::ConnectionOptions connection_options(const ConnectionFlags& flags) {
  std::string text = flags.local.empty() ? from_environment("TOPICLOOP_LOCAL") : flags.local;
  topic::ConnectionOptions options;
  if (!text.empty()) {
    // The flag was checked while it was parsed.
    check_variable("TOPICLOOP_LOCAL", check_service_address(text));
    options.endpoint = value_or_throw(parse_address(text)).to_string();
  }
  if (!flags.connect_timeout.empty()) {
    options.wait = value_or_throw(parse_duration(flags.connect_timeout));
  }
  options.api_key = given_api_key(flags.api_key_file);
  options.tls = flags.tls || !flags.ca_file.empty();
  options.ca_file = flags.ca_file;
  return options;
}

std::string cache_name(const ConnectionFlags& flags) {
  if (!flags.cache.empty()) return flags.cache;
  std::string name = from_environment("MOMENTO_CACHE_NAME");
  if (name.empty()) return k_default_cache;
  check_variable("MOMENTO_CACHE_NAME", check_name(name));
  return name;
}

topic::Client connect(const ConnectionFlags& flags, const Context& context) {
  topic::ConnectionOptions options = connection_options(flags);
  const auto whole_wait = options.wait;
  options.wait = std::min(whole_wait, k_quiet_wait);
  auto client = topic::Client::connect(options, context.stop());
  if (!client && client.error().kind == ErrorKind::Unavailable && whole_wait > k_quiet_wait) {
    context.streams.err << fmt::format("waiting up to {} for the service at {}\n",
                                       format_duration(whole_wait), options.endpoint)
                        << std::flush;
    options.wait = whole_wait - k_quiet_wait;
    client = topic::Client::connect(options, context.stop());
  }
  return value_or_throw(std::move(client));
}

}  // namespace topicloop::cli
