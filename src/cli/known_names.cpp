// SPDX-License-Identifier: Apache-2.0
#include "cli/known_names.hpp"

#include "base/address.hpp"
#include "broker/state_query.hpp"
#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/profiles.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <optional>
#include <string_view>

namespace topicloop::cli {

namespace {

std::optional<ConnectionFlags> parsed(const Names& words) {
  ConnectionFlags flags;
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  add_connection_flags(app, flags);
  try {
    app.parse(Names(words.rbegin(), words.rend()));
    return flags;
  } catch (const CLI::ParseError&) {
    return std::nullopt;
  }
}

ConnectionFlags flags_in(Names words) {
  auto flags = parsed(words);
  if (flags || words.empty()) return flags.value_or(ConnectionFlags{});
  // The last word may be a flag whose value is being completed.
  words.pop_back();
  flags = parsed(words);
  if (flags) return *flags;
  throw CommandError({ErrorKind::Usage, "this line names no service", ""});
}

topic::ConnectionOptions options_of(const ConnectionFlags& flags,
                                    std::chrono::milliseconds patience) {
  topic::ConnectionOptions options = connection_options(flags);
  options.timeout = patience;
  options.wait = {};
  return options;
}

template <typename T>
T value_or_nothing(Result<T> result) {
  return result ? *std::move(result) : T{};
}

// Where the service has its HTTP port, if it can be known: only the default service's is.
std::optional<std::string> http_origin(const topic::ConnectionOptions& options) {
  const char* given = std::getenv("TOPICLOOP_HTTP");
  if (given != nullptr && *given != '\0') return std::string("http://") + given;
  if (options.endpoint != topic::ConnectionOptions().endpoint) return std::nullopt;
  return "http://127.0.0.1:9090";
}

// What is in plain text can be read by everybody on the way, so the key does not leave the machine.
std::string key_for(std::string_view origin, const std::string& api_key) {
  origin.remove_prefix(origin.find("://") + 3);
  const auto address = parse_address(origin, 80);
  return address && address->is_loopback() ? api_key : "";
}

}  // namespace

Names known_caches(const Names& words, std::chrono::milliseconds patience, std::stop_token stop) {
  const auto client =
      value_or_throw(topic::Client::connect(options_of(flags_in(words), patience), stop));
  return value_or_nothing(client.list_caches(stop));
}

Names known_topics(const Names& words, std::chrono::milliseconds patience, std::stop_token stop) {
  const ConnectionFlags flags = flags_in(words);
  const auto options = options_of(flags, patience);
  const std::string cache = cache_name(flags);
  Names names;
  if (const auto origin = http_origin(options)) {
    names = value_or_nothing(
        broker::topics_of(*origin, cache, patience, key_for(*origin, options.api_key)));
  }
  const auto client = value_or_throw(topic::Client::connect(options, stop));
  for (const auto& webhook : value_or_nothing(client.list_webhooks(cache, stop)))
    names.push_back(webhook.topic);
  return names;
}

Names known_webhooks(const Names& words, std::chrono::milliseconds patience, std::stop_token stop) {
  const ConnectionFlags flags = flags_in(words);
  const auto client = value_or_throw(topic::Client::connect(options_of(flags, patience), stop));
  Names names;
  for (const auto& webhook : value_or_nothing(client.list_webhooks(cache_name(flags), stop)))
    names.push_back(webhook.id.name);
  return names;
}

Names known_profiles() {
  const auto profiles = Profiles::read(Profiles::default_directory());
  return profiles ? profiles->names() : Names{};
}

}  // namespace topicloop::cli
