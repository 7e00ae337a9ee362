// SPDX-License-Identifier: Apache-2.0
#include "cli/token.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"
#include "broker/key.hpp"
#include "cli/credential.hpp"
#include "cli/duration.hpp"
#include "cli/private_file.hpp"
#include "cli/render.hpp"
#include "cli/service_choice.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <optional>

namespace topicloop::cli {

namespace {

using model::NameSelector;
using model::TopicRole;

constexpr const char* k_default_endpoint = "localhost:8080";

const std::map<std::string, TopicRole> k_roles = {{"read", TopicRole::ReadOnly},
                                                  {"write", TopicRole::WriteOnly},
                                                  {"readwrite", TopicRole::ReadWrite}};

struct MintedToken {
  std::string api_key;
  std::string endpoint;  // Empty: a Unix socket, which no credential can name.
  std::optional<SystemTime> expires_at;
};

// A signing secret is that of a local service.
std::string cache_of(const TokenOptions& options) {
  return options.secret_file.empty() ? cache_name(options.connection)
                                     : local_cache_name(options.connection);
}

// Names in a key are UTF-8, as names of caches and topics are.
void check(const TokenOptions& options) {
  const auto check_name = [](const std::string& name, std::string_view flag) {
    if (!is_blank(name) && !find_invalid_utf8(name)) return;
    throw CommandError(
        {ErrorKind::Usage, fmt::format("{}: a name is UTF-8 and not empty", flag), ""});
  };
  for (const auto& cache : options.caches)
    check_name(cache, "--caches");
  for (const auto& topic : options.topics)
    check_name(topic, "--topics");
  check_name(cache_of(options), "--cache");
}

// Names may have commas and stars in them, so what may be a slip is taken as it is.
void warn(const TokenOptions& options, Renderer& renderer) {
  const auto warn_of_comma = [&](const std::string& name, std::string_view flag) {
    if (name.find(',') == std::string::npos) return;
    renderer.warning(fmt::format("{} \"{}\" is one name with a comma in it: repeat {} for several",
                                 flag, printable(name), flag));
  };
  for (const auto& cache : options.caches)
    warn_of_comma(cache, "--caches");
  for (const auto& topic : options.topics) {
    warn_of_comma(topic, "--topics");
    const std::size_t star = topic.find('*');
    if (star == std::string::npos || star + 1 == topic.size()) continue;
    renderer.warning(fmt::format(
        "--topics \"{}\": only a star at the end stands for any ending, others are part "
        "of the name",
        printable(topic)));
  }
}

NameSelector cache_selector(const std::string& text) {
  if (text == "*") return {};
  return {NameSelector::Kind::Exact, text};
}

NameSelector topic_selector(const std::string& text) {
  if (text == "*") return {};
  if (text.ends_with('*')) return {NameSelector::Kind::Prefix, text.substr(0, text.size() - 1)};
  return {NameSelector::Kind::Exact, text};
}

model::Permissions permissions_of(const TokenOptions& options) {
  if (options.super_user) return {.super_user = true};
  std::vector<std::string> caches = options.caches;
  if (caches.empty()) caches.push_back(cache_of(options));
  model::Permissions permissions;
  for (const auto& cache : caches) {
    for (const auto& topic : options.topics) {
      permissions.topics.push_back(
          {k_roles.at(options.role), cache_selector(cache), topic_selector(topic)});
    }
  }
  return permissions;
}

// Nothing: never. Whole seconds, as keys have them.
std::optional<std::chrono::seconds> lifetime_of(const TokenOptions& options) {
  if (options.expires == k_never) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(value_or_throw(parse_duration(options.expires)));
}

MintedToken make_offline(const TokenOptions& options) {
  const std::string secret = read_auth_secret(options.secret_file);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  broker::Claims claims{
      .permissions = permissions_of(options), .token_id = options.token_id, .issued_at = now};
  if (const auto lifetime = lifetime_of(options)) claims.expires_at = now + *lifetime;
  return {broker::sign_key(claims, secret),
          options.connection.endpoint.empty() ? k_default_endpoint : options.connection.endpoint,
          claims.expires_at};
}

MintedToken ask_service(const TokenOptions& options, const Context& context) {
  const auto lifetime = lifetime_of(options);
  if (!lifetime) {
    throw CommandError({ErrorKind::Usage, "a service makes no tokens that never expire",
                        "give --auth-secret FILE too, or a DURATION"});
  }
  ConnectionFlags connection = options.connection;
  // Of a local service it says only what others call it.
  if (is_local(connection)) connection.endpoint.clear();
  const std::string local =
      connection.local.empty() ? from_environment("TOPICLOOP_LOCAL") : connection.local;
  const bool is_socket = local.starts_with("unix:");
  const bool has_endpoint = !is_socket || !options.connection.endpoint.empty();
  if (!has_endpoint && !options.bare) {
    throw CommandError({ErrorKind::Usage,
                        "a credential names a host, which a service at a Unix socket has not",
                        "give --endpoint HOST:PORT, or --bare for the key alone"});
  }
  const auto client = connect(connection, context);
  auto token = value_or_throw(client.generate_disposable_token(
      {.permissions = permissions_of(options),
       .token_id = options.token_id,
       .valid_for = std::chrono::duration_cast<std::chrono::duration<std::uint32_t>>(*lifetime)},
      context.stop()));
  if (!options.connection.endpoint.empty()) token.endpoint = options.connection.endpoint;
  if (!has_endpoint) token.endpoint.clear();
  return {std::move(token.api_key), std::move(token.endpoint), token.expires_at};
}

}  // namespace

void run_token_create(const TokenOptions& options, Context& context) {
  check(options);
  Renderer renderer(context, options.output);
  warn(options, renderer);
  const MintedToken token =
      options.secret_file.empty() ? ask_service(options, context) : make_offline(options);
  std::string credential;
  if (!token.endpoint.empty()) credential = to_credential(token.endpoint, token.api_key);
  nlohmann::ordered_json record{
      {"type", "token"}, {"api_key", token.api_key}, {"credential", nullptr}};
  if (!credential.empty()) record["credential"] = credential;
  record["expires_at"] = nullptr;
  if (token.expires_at) record["expires_at"] = to_rfc3339(*token.expires_at);
  renderer.result(options.bare ? token.api_key : credential, record);
}

}  // namespace topicloop::cli
