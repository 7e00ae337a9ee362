// SPDX-License-Identifier: Apache-2.0
#include "broker/kept_state.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace topicloop::broker {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* k_version_key = "topicloop_state";
constexpr std::uint64_t k_version = 1;
constexpr std::uint64_t k_page_limit = std::uint64_t{1} << 53U;  // JavaScript's numbers end there.

Error damaged(std::string what) {
  return {ErrorKind::BadInput, std::move(what), ""};
}

// Throws what nlohmann throws for a field that is missing or of another type.
KeptWebhook to_webhook(const Json& json) {
  return {.webhook = {.id = {.cache = json.at("cache").get<std::string>(),
                             .name = json.at("name").get<std::string>()},
                      .topic = json.at("topic").get<std::string>(),
                      .url = json.at("url").get<std::string>()},
          .secret = json.at("secret").get<std::string>()};
}

// get() would take true for 1 and cut 1.5 off; 0 is out of range anyway.
std::uint64_t to_page(const Json& json) {
  return json.is_number_unsigned() ? json.get<std::uint64_t>() : 0;
}

KeptState to_state(const Json& json) {
  KeptState state;
  state.next_page = to_page(json.at("next_sequence_page"));
  state.caches = json.at("caches").get<std::set<std::string>>();
  for (const Json& item : json.at("webhooks")) {
    KeptWebhook webhook = to_webhook(item);
    const model::WebhookId id = webhook.webhook.id;
    state.webhooks.insert_or_assign(id, std::move(webhook));
  }
  return state;
}

Result<void> check(const KeptState& state) {
  if (state.next_page == 0 || state.next_page >= k_page_limit) {
    return damaged(
        fmt::format("\"next_sequence_page\" is not a whole number from 1 to {}", k_page_limit - 1));
  }
  for (const auto& [id, webhook] : state.webhooks) {
    if (!state.caches.contains(id.cache)) {
      return damaged(fmt::format("webhook \"{}\" belongs to cache \"{}\", which is not listed",
                                 id.name, id.cache));
    }
    if (webhook.secret.empty()) {
      return damaged(fmt::format("webhook \"{}\" has no secret", id.name));
    }
  }
  return {};
}

Result<void> check_version(const Json& json) {
  const auto version = json.is_object() ? json.find(k_version_key) : json.end();
  if (version == json.end() || !version->is_number_unsigned()) {
    return damaged(fmt::format("it has no \"{}\" with the version of its format", k_version_key));
  }
  const auto number = version->get<std::uint64_t>();
  if (number > k_version) {
    return damaged(fmt::format("its format is version {}, and this topicloop knows none above {}",
                               number, k_version));
  }
  if (number < k_version) return damaged(fmt::format("there is no format version {}", number));
  return {};
}

// Without nlohmann's "[json.exception.type_error.302] ".
std::string reason_of(const nlohmann::json::exception& failure) {
  const std::string text = failure.what();
  const std::size_t end = text.find("] ");
  return end == std::string::npos ? text : text.substr(end + 2);
}

}  // namespace

Result<std::string> to_json(const KeptState& state) {
  Json webhooks = Json::array();
  for (const auto& [id, kept] : state.webhooks) {
    webhooks.push_back({{"cache", id.cache},
                        {"name", id.name},
                        {"topic", kept.webhook.topic},
                        {"url", kept.webhook.url},
                        {"secret", kept.secret}});
  }
  const Json json = {{k_version_key, k_version},
                     {"next_sequence_page", state.next_page},
                     {"caches", state.caches},
                     {"webhooks", std::move(webhooks)}};
  try {
    return json.dump(2) + "\n";
  } catch (const nlohmann::json::exception& failure) {
    return Error{ErrorKind::InvalidArgument, "a name cannot be kept: " + reason_of(failure), ""};
  }
}

Result<KeptState> parse_kept_state(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (auto known = check_version(json); !known) return std::move(known).error();
    KeptState state = to_state(json);
    if (auto sound = check(state); !sound) return std::move(sound).error();
    return state;
  } catch (const nlohmann::json::exception& failure) {
    return damaged(reason_of(failure));
  }
}

}  // namespace topicloop::broker
