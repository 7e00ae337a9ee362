// SPDX-License-Identifier: Apache-2.0
#include "cli/registration.hpp"

#include "cli/context.hpp"

#include <algorithm>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr std::size_t k_longest_name = 128;

Result<std::optional<model::Webhook>> known_as(const topic::Client& client,
                                               const model::WebhookId& id,
                                               const std::stop_token& stop) {
  auto webhooks = client.list_webhooks(id.cache, stop);
  if (!webhooks) return std::move(webhooks).error();
  const auto found = std::find_if(webhooks->begin(), webhooks->end(),
                                  [&](const model::Webhook& webhook) { return webhook.id == id; });
  if (found == webhooks->end()) return std::optional<model::Webhook>();
  return std::optional<model::Webhook>(*found);
}

}  // namespace

Registration::Registration(topic::Client client, model::Webhook webhook,
                           const std::stop_token& stop)
    : client_(std::move(client)), webhook_(std::move(webhook)) {
  const auto known = value_or_throw(known_as(client_, webhook_.id, stop));
  secret_ = value_or_throw(client_.put_webhook(webhook_, stop));
  created_ = !known;
  if (known && *known != webhook_) replaced_ = known;
}

Registration::~Registration() {
  static_cast<void>(remove());
}

Result<std::optional<model::Webhook>> Registration::taken_over(const std::stop_token& stop) const {
  auto known = known_as(client_, webhook_.id, stop);
  if (known && *known == webhook_) return std::optional<model::Webhook>();
  return known;
}

Result<std::optional<model::Webhook>> Registration::remove() {
  const bool created = std::exchange(created_, false);
  const auto before = std::exchange(replaced_, std::nullopt);
  if (stays_ || (!created && !before)) return std::optional<model::Webhook>();
  auto known = known_as(client_, webhook_.id, {});
  if (!known || !*known || **known != webhook_) return known;
  if (created) {
    auto deleted = client_.delete_webhook(webhook_.id);
    if (!deleted) return std::move(deleted).error();
  } else {
    auto put = client_.put_webhook(*before);
    if (!put) return std::move(put).error();
  }
  return std::optional<model::Webhook>();
}

Result<std::string> Registration::restore(const std::stop_token& stop) {
  auto secret = client_.put_webhook(webhook_, stop);
  if (secret) {
    created_ = true;
    replaced_.reset();
  }
  return secret;
}

std::string default_webhook_name(const std::string& topic) {
  std::string name = "topicloop-" + topic;
  std::replace(name.begin(), name.end(), ' ', '-');
  name.resize(std::min(name.size(), k_longest_name));
  return name;
}

}  // namespace topicloop::cli
