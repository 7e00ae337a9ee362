// SPDX-License-Identifier: Apache-2.0
#include "cli/registration.hpp"

#include "cli/context.hpp"

#include <algorithm>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr std::size_t k_longest_name = 128;

}  // namespace

Registration::Registration(topic::Client client, model::Webhook webhook,
                           const std::stop_token& stop)
    : client_(std::move(client)), webhook_(std::move(webhook)) {
  const auto known = value_or_throw(client_.list_webhooks(webhook_.id.cache, stop));
  const bool existed = std::any_of(known.begin(), known.end(), [&](const model::Webhook& other) {
    return other.id == webhook_.id;
  });
  secret_ = value_or_throw(client_.put_webhook(webhook_, stop));
  created_ = !existed;
}

Registration::~Registration() {
  static_cast<void>(remove());
}

Result<void> Registration::remove() {
  const bool ours = std::exchange(created_, false) && !stays_;
  return ours ? client_.delete_webhook(webhook_.id) : Result<void>();
}

Result<std::string> Registration::restore(const std::stop_token& stop) {
  auto secret = client_.put_webhook(webhook_, stop);
  if (secret) created_ = true;
  return secret;
}

std::string default_webhook_name(const std::string& topic) {
  std::string name = "topicloop-" + topic;
  std::replace(name.begin(), name.end(), ' ', '-');
  name.resize(std::min(name.size(), k_longest_name));
  return name;
}

}  // namespace topicloop::cli
