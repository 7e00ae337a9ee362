// SPDX-License-Identifier: Apache-2.0
#include "cli/connection_flags.hpp"

#include "cli/duration.hpp"
#include "cli/flag_checks.hpp"
#include "cli/render.hpp"
#include "cli/service_choice.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <utility>

namespace topicloop::cli {

namespace {

constexpr const char* k_local_service = "127.0.0.1:8080";
constexpr const char* k_cache_variable = "MOMENTO_CACHE_NAME";
constexpr const char* k_default_cache = "default-cache";

// By the flag or the variable; empty without either.
std::string stated_cache(const ConnectionFlags& flags) {
  if (!flags.cache.empty()) return flags.cache;
  std::string name = from_environment(k_cache_variable);
  if (name.empty()) return name;
  const std::string wrong = check_name(name);
  if (wrong.empty()) return name;
  throw CommandError({ErrorKind::Usage, fmt::format("{}: {}", k_cache_variable, wrong), ""});
}

std::string check_given(const std::string& text) {
  return text.empty() ? "must not be empty" : "";
}

}  // namespace

void add_cache_flag(CLI::App& command, ConnectionFlags& flags) {
  command
      .add_option("--cache", flags.cache,
                  "Cache of the topic (MOMENTO_CACHE_NAME, the profile's, default-cache)")
      ->check(check_name)
      ->option_text("NAME");
}

void add_connection_flags(CLI::App& command, ConnectionFlags& flags) {
  add_cache_flag(command, flags);
  command
      .add_option("--local", flags.local,
                  "Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH")
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
                  "File with the API key to send (else MOMENTO_API_KEY, else the profile's)")
      ->check(check_given)
      ->option_text("FILE");
  command
      .add_option("--api-key", flags.api_key,
                  "The API key itself, for all on this machine to see; better in a file")
      ->check(check_given)
      ->excludes("--api-key-file")
      ->option_text("KEY");
  command
      .add_option("--endpoint", flags.endpoint,
                  "Service the key is for (else as the key says, else MOMENTO_ENDPOINT)")
      ->check(check_endpoint)
      ->option_text("HOST[:PORT]");
  command
      .add_option("--profile", flags.profile,
                  "Profile in ~/.momento to use (MOMENTO_PROFILE, else default)")
      ->check(check_name)
      ->option_text("NAME");
  command.add_flag("--tls", flags.tls, "Connect with TLS; the system's authorities are trusted");
  command
      .add_option("--cacert", flags.ca_file, "Connect with TLS; these authorities are trusted, PEM")
      ->option_text("FILE");
}

bool is_local(const ConnectionFlags& flags) {
  return !flags.local.empty() || !from_environment("TOPICLOOP_LOCAL").empty();
}

bool names_a_service(const ConnectionFlags& flags) {
  return is_local(flags) || !flags.api_key_file.empty() || !flags.api_key.empty() ||
         !flags.endpoint.empty() || !flags.profile.empty() || flags.tls || !flags.ca_file.empty();
}

topic::ConnectionOptions connection_options(const ConnectionFlags& flags) {
  return choose_service(flags, std::chrono::system_clock::now()).connection;
}

std::string cache_name(const ConnectionFlags& flags) {
  if (auto name = stated_cache(flags); !name.empty()) return name;
  return profile_cache(flags).value_or(k_default_cache);
}

std::string local_cache_name(const ConnectionFlags& flags) {
  auto name = stated_cache(flags);
  return name.empty() ? k_default_cache : name;
}

topic::Client connect(const ConnectionFlags& flags, const Context& context) {
  ServiceChoice choice = choose_service(flags, std::chrono::system_clock::now());
  for (const auto& warning : choice.warnings)
    context.streams.err << fmt::format("topicloop: warning: {}\n", printable(warning));
  context.streams.err << std::flush;
  return connect(std::move(choice.connection), context);
}

topic::Client connect(topic::ConnectionOptions options, const Context& context) {
  options.on_waiting = [&context, wait = options.wait, endpoint = options.endpoint] {
    context.streams.err << fmt::format("waiting up to {} for the service at {}\n",
                                       format_duration(wait), endpoint)
                        << std::flush;
  };
  return value_or_throw(topic::Client::connect(options, context.stop()));
}

}  // namespace topicloop::cli
