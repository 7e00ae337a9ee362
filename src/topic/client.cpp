// SPDX-License-Identifier: Apache-2.0
#include "topic/client.hpp"

#include "topic/rpc.hpp"
#include "wire/control.hpp"
#include "wire/methods.hpp"
#include "wire/pubsub.hpp"
#include "wire/tokens.hpp"
#include "wire/webhooks.hpp"

#include <utility>

namespace topicloop::topic {

namespace {

// Drops an answer that has no fields.
Result<void> without_answer(Result<std::string> answer) {
  if (!answer) return std::move(answer).error();
  return {};
}

Result<std::string> read_secret(Result<std::string> answer) {
  if (!answer) return answer;
  return wire::parse_secret_response(*answer);
}

}  // namespace

Result<Client> Client::connect(const ConnectionOptions& options, std::stop_token stop) {
  auto rpc = Rpc::open(options, std::move(stop));
  if (!rpc) return std::move(rpc).error();
  return Client(*std::move(rpc));
}

Result<void> Client::publish(const std::string& cache, const std::string& topic,
                             const model::Value& value, std::stop_token stop) const {
  return without_answer(rpc_->call(Host::Topics, wire::k_publish,
                                   wire::serialize(wire::PublishRequest{cache, topic, value}),
                                   std::move(stop)));
}

Publisher Client::publisher(PublisherOptions options) const {
  return {rpc_, std::move(options)};
}

Result<Subscription> Client::subscribe(const std::string& cache, const std::string& topic,
                                       const model::ResumePoint& resume,
                                       std::stop_token stop) const {
  return Subscription::open(rpc_, cache, topic, resume, std::move(stop));
}

Result<Audience> Client::audience(AudienceOptions options, std::stop_token stop) const {
  return Audience::open(rpc_, std::move(options), stop);
}

Result<std::string> Client::put_webhook(const model::Webhook& webhook, std::stop_token stop) const {
  return read_secret(rpc_->call(Host::Control, wire::k_put_webhook,
                                wire::serialize_put_webhook_request(webhook), std::move(stop)));
}

Result<void> Client::delete_webhook(const model::WebhookId& id, std::stop_token stop) const {
  return without_answer(rpc_->call(Host::Control, wire::k_delete_webhook,
                                   wire::serialize_webhook_id_request(id), std::move(stop)));
}

Result<std::vector<model::Webhook>> Client::list_webhooks(const std::string& cache,
                                                          std::stop_token stop) const {
  auto answer = rpc_->call(Host::Control, wire::k_list_webhooks,
                           wire::serialize_list_webhooks_request(cache), std::move(stop));
  if (!answer) return std::move(answer).error();
  return wire::parse_list_webhooks_response(*answer);
}

Result<std::string> Client::webhook_secret(const model::WebhookId& id, std::stop_token stop) const {
  auto answer = rpc_->call(Host::Control, wire::k_get_webhook_secret,
                           wire::serialize_get_webhook_secret_request(id), std::move(stop));
  if (!answer) return answer;
  auto secret = wire::parse_get_webhook_secret_response(*answer);
  if (!secret) return std::move(secret).error();
  return std::move(secret->secret);
}

Result<std::string> Client::rotate_webhook_secret(const model::WebhookId& id,
                                                  std::stop_token stop) const {
  return read_secret(rpc_->call(Host::Control, wire::k_rotate_webhook_secret,
                                wire::serialize_webhook_id_request(id), std::move(stop)));
}

Result<void> Client::create_cache(const std::string& cache, std::stop_token stop) const {
  return without_answer(rpc_->call(Host::Control, wire::k_create_cache,
                                   wire::serialize_cache_request(cache), std::move(stop)));
}

Result<void> Client::delete_cache(const std::string& cache, std::stop_token stop) const {
  return without_answer(rpc_->call(Host::Control, wire::k_delete_cache,
                                   wire::serialize_cache_request(cache), std::move(stop)));
}

Result<void> Client::flush_cache(const std::string& cache, std::stop_token stop) const {
  return without_answer(rpc_->call(Host::Control, wire::k_flush_cache,
                                   wire::serialize_cache_request(cache), std::move(stop)));
}

Result<std::vector<std::string>> Client::list_caches(std::stop_token stop) const {
  std::vector<std::string> names;
  std::string token;
  while (true) {
    auto answer = rpc_->call(Host::Control, wire::k_list_caches,
                             wire::serialize_list_caches_request(token), stop);
    if (!answer) return std::move(answer).error();
    auto page = wire::parse_list_caches_response(*answer);
    if (!page) return std::move(page).error();
    names.insert(names.end(), page->caches.begin(), page->caches.end());
    if (page->next_token.empty()) return names;
    // Or a confused service would keep us here, and growing, for ever.
    if (page->next_token == token) {
      return Error{ErrorKind::ServiceFailed, "the list of caches does not end", ""};
    }
    token = std::move(page->next_token);
  }
}

Result<DisposableToken> Client::generate_disposable_token(const DisposableTokenRequest& request,
                                                          std::stop_token stop) const {
  const wire::TokenRequest message{
      .valid_for_seconds = static_cast<std::uint32_t>(request.valid_for.count()),
      .auth_token = rpc_->api_key(),
      .permissions = request.permissions,
      .token_id = request.token_id};
  auto answer = rpc_->call(Host::Token, wire::k_generate_disposable_token, wire::serialize(message),
                           std::move(stop));
  if (!answer) return std::move(answer).error();
  auto token = wire::parse_token_response(*answer);
  if (!token) return std::move(token).error();
  return DisposableToken{.api_key = std::move(token->api_key),
                         .endpoint = std::move(token->endpoint),
                         .expires_at = SystemTime(std::chrono::seconds(token->valid_until))};
}

Result<void> Client::ping(std::stop_token stop) const {
  return without_answer(rpc_->call(Host::Topics, wire::k_ping, "", std::move(stop)));
}

}  // namespace topicloop::topic
