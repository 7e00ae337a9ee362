// SPDX-License-Identifier: Apache-2.0
#include "cli/known_names.hpp"

#include "base/text.hpp"
#include "broker/state_query.hpp"
#include "cli/connection_flags.hpp"
#include "cli/context.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>

namespace topicloop::cli {

namespace {

constexpr std::chrono::milliseconds k_patience{700};

ConnectionFlags flags_in(const Names& words) {
  ConnectionFlags flags;
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  add_connection_flags(app, flags);
  try {
    app.parse(Names(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError&) {
    // Not finished yet. What was read until then is what there is.
  }
  return flags;
}

topic::ConnectionOptions options_of(const ConnectionFlags& flags) {
  topic::ConnectionOptions options = connection_options(flags);
  options.timeout = k_patience;
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

}  // namespace

Names known_caches(const Names& words, std::stop_token stop) {
  const auto client = value_or_throw(topic::Client::connect(options_of(flags_in(words)), stop));
  return value_or_nothing(client.list_caches(stop));
}

Names known_topics(const Names& words, std::stop_token stop) {
  const ConnectionFlags flags = flags_in(words);
  const auto options = options_of(flags);
  const std::string cache = cache_name(flags);
  Names names;
  if (const auto origin = http_origin(options)) {
    names = value_or_nothing(broker::topics_of(*origin, cache, k_patience));
  }
  const auto client = value_or_throw(topic::Client::connect(options, stop));
  for (const auto& webhook : value_or_nothing(client.list_webhooks(cache, stop)))
    names.push_back(webhook.topic);
  return names;
}

Names known_webhooks(const Names& words, std::stop_token stop) {
  const ConnectionFlags flags = flags_in(words);
  const auto client = value_or_throw(topic::Client::connect(options_of(flags), stop));
  Names names;
  for (const auto& webhook : value_or_nothing(client.list_webhooks(cache_name(flags), stop)))
    names.push_back(webhook.id.name);
  return names;
}

Names known_profiles() {
  const char* given = std::getenv("MOMENTO_CONFIG_DIR");
  const char* home = std::getenv("HOME");
  const std::string directory = given != nullptr && *given != '\0' ? given
                                : home != nullptr                  ? std::string(home) + "/.momento"
                                                                   : "";
  std::ifstream file(directory + "/credentials");
  Names names;
  for (std::string line; std::getline(file, line);) {
    const auto text = trimmed(line);
    if (text.size() > 2 && text.front() == '[' && text.back() == ']')
      names.emplace_back(text.substr(1, text.size() - 2));
  }
  return names;
}

}  // namespace topicloop::cli
