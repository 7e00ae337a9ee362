// SPDX-License-Identifier: Apache-2.0
// Webhook control on the wire: put, delete, list, and the secrets.
//
// Hides the generated protobuf code. Field meanings are in proto/webhook.proto; the reply to a
// delete carries nothing: no bytes. Texts given to serialize must be UTF-8. What a peer leaves out
// is read as empty; whether that is allowed is not decided here. Requests that cannot be parsed are
// InvalidArgument, responses ServiceFailed. Pure functions, thread-safe.
#pragma once

#include "base/error.hpp"
#include "model/webhook.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace topicloop::wire {

// The reply to the question for a webhook's secret.
struct WebhookSecret {
  model::WebhookId id;
  std::string secret;

  bool operator==(const WebhookSecret&) const = default;
};

// PutWebhook.
std::string serialize_put_webhook_request(const model::Webhook& webhook);
Result<model::Webhook> parse_put_webhook_request(std::string_view bytes);

// DeleteWebhook and RotateWebhookSecret: two requests of one shape.
std::string serialize_webhook_id_request(const model::WebhookId& id);
Result<model::WebhookId> parse_webhook_id_request(std::string_view bytes);

// The replies of PutWebhook and RotateWebhookSecret: two messages of one shape.
std::string serialize_secret_response(std::string_view secret);
Result<std::string> parse_secret_response(std::string_view bytes);

// ListWebhooks: the request names the cache. Every webhook in the response has its id and its
// destination on the wire, even if empty: Momento's Node client crashes without.
std::string serialize_list_webhooks_request(std::string_view cache);
Result<std::string> parse_list_webhooks_request(std::string_view bytes);
std::string serialize_list_webhooks_response(const std::vector<model::Webhook>& webhooks);
Result<std::vector<model::Webhook>> parse_list_webhooks_response(std::string_view bytes);

// GetWebhookSecret: the request has the id's fields directly, unlike webhook_id_request.
std::string serialize_get_webhook_secret_request(const model::WebhookId& id);
Result<model::WebhookId> parse_get_webhook_secret_request(std::string_view bytes);
std::string serialize(const WebhookSecret& response);
Result<WebhookSecret> parse_get_webhook_secret_response(std::string_view bytes);

}  // namespace topicloop::wire
