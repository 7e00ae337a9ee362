// SPDX-License-Identifier: Apache-2.0
#include "wire/webhooks.hpp"

#include "webhook.pb.h"
#include "wire/parse.hpp"

#include <utility>

namespace topicloop::wire {
namespace {

namespace proto = ::webhook;

void write_id(proto::_WebhookId& out, const model::WebhookId& id) {
  out.set_cache_name(id.cache);
  out.set_webhook_name(id.name);
}

void write_webhook(proto::_Webhook& out, const model::Webhook& webhook) {
  write_id(*out.mutable_webhook_id(), webhook.id);
  out.set_topic_name(webhook.topic);
  out.mutable_destination()->set_post_url(webhook.url);
}

model::WebhookId read_id(const proto::_WebhookId& id) {
  return {.cache = id.cache_name(), .name = id.webhook_name()};
}

model::Webhook read_webhook(const proto::_Webhook& webhook) {
  return {.id = read_id(webhook.webhook_id()),
          .topic = webhook.topic_name(),
          .url = webhook.destination().post_url()};
}

}  // namespace

std::string serialize_put_webhook_request(const model::Webhook& webhook) {
  proto::_PutWebhookRequest message;
  write_webhook(*message.mutable_webhook(), webhook);
  return message.SerializeAsString();
}

Result<model::Webhook> parse_put_webhook_request(std::string_view bytes) {
  proto::_PutWebhookRequest message;
  auto parsed = parse_into(message, bytes, ErrorKind::InvalidArgument, "_PutWebhookRequest");
  if (!parsed) return std::move(parsed).error();
  return read_webhook(message.webhook());
}

std::string serialize_webhook_id_request(const model::WebhookId& id) {
  proto::_DeleteWebhookRequest message;
  write_id(*message.mutable_webhook_id(), id);
  return message.SerializeAsString();
}

Result<model::WebhookId> parse_webhook_id_request(std::string_view bytes) {
  proto::_DeleteWebhookRequest message;
  auto parsed = parse_into(message, bytes, ErrorKind::InvalidArgument, "webhook request");
  if (!parsed) return std::move(parsed).error();
  return read_id(message.webhook_id());
}

std::string serialize_secret_response(std::string_view secret) {
  proto::_PutWebhookResponse message;
  message.set_secret_string(secret.data(), secret.size());
  return message.SerializeAsString();
}

Result<std::string> parse_secret_response(std::string_view bytes) {
  proto::_PutWebhookResponse message;
  auto parsed = parse_into(message, bytes, ErrorKind::ServiceFailed, "webhook secret response");
  if (!parsed) return std::move(parsed).error();
  return std::move(*message.mutable_secret_string());
}

std::string serialize_list_webhooks_request(std::string_view cache) {
  proto::_ListWebhookRequest message;
  message.set_cache_name(cache.data(), cache.size());
  return message.SerializeAsString();
}

Result<std::string> parse_list_webhooks_request(std::string_view bytes) {
  proto::_ListWebhookRequest message;
  auto parsed = parse_into(message, bytes, ErrorKind::InvalidArgument, "_ListWebhookRequest");
  if (!parsed) return std::move(parsed).error();
  return std::move(*message.mutable_cache_name());
}

std::string serialize_list_webhooks_response(const std::vector<model::Webhook>& webhooks) {
  proto::_ListWebhooksResponse message;
  for (const auto& webhook : webhooks)
    write_webhook(*message.add_webhook(), webhook);
  return message.SerializeAsString();
}

Result<std::vector<model::Webhook>> parse_list_webhooks_response(std::string_view bytes) {
  proto::_ListWebhooksResponse message;
  auto parsed = parse_into(message, bytes, ErrorKind::ServiceFailed, "_ListWebhooksResponse");
  if (!parsed) return std::move(parsed).error();
  std::vector<model::Webhook> webhooks;
  for (const auto& webhook : message.webhook())
    webhooks.push_back(read_webhook(webhook));
  return webhooks;
}

std::string serialize_get_webhook_secret_request(const model::WebhookId& id) {
  proto::_GetWebhookSecretRequest message;
  message.set_cache_name(id.cache);
  message.set_webhook_name(id.name);
  return message.SerializeAsString();
}

Result<model::WebhookId> parse_get_webhook_secret_request(std::string_view bytes) {
  proto::_GetWebhookSecretRequest message;
  auto parsed = parse_into(message, bytes, ErrorKind::InvalidArgument, "_GetWebhookSecretRequest");
  if (!parsed) return std::move(parsed).error();
  return model::WebhookId{.cache = message.cache_name(), .name = message.webhook_name()};
}

std::string serialize(const WebhookSecret& response) {
  proto::_GetWebhookSecretResponse message;
  message.set_cache_name(response.id.cache);
  message.set_webhook_name(response.id.name);
  message.set_secret_string(response.secret);
  return message.SerializeAsString();
}

Result<WebhookSecret> parse_get_webhook_secret_response(std::string_view bytes) {
  proto::_GetWebhookSecretResponse message;
  auto parsed = parse_into(message, bytes, ErrorKind::ServiceFailed, "_GetWebhookSecretResponse");
  if (!parsed) return std::move(parsed).error();
  return WebhookSecret{.id = {.cache = message.cache_name(), .name = message.webhook_name()},
                       .secret = message.secret_string()};
}

}  // namespace topicloop::wire
