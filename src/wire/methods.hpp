// SPDX-License-Identifier: Apache-2.0
// The full gRPC method paths of every call topicloop makes or serves.
//
// "/package.Service/Method", as in Momento's public protobuf definitions (proto/). Each is a string
// literal, so data() ends with a null character.
#pragma once

#include <string_view>

namespace topicloop::wire {

// On the cache endpoint (wire/pubsub.hpp). A ping carries nothing either way: no bytes.
inline constexpr std::string_view k_publish = "/cache_client.pubsub.Pubsub/Publish";
inline constexpr std::string_view k_subscribe = "/cache_client.pubsub.Pubsub/Subscribe";
inline constexpr std::string_view k_ping = "/cache_client.Ping/Ping";

// On the control endpoint (wire/webhooks.hpp, wire/control.hpp).
inline constexpr std::string_view k_put_webhook = "/webhook.Webhook/PutWebhook";
inline constexpr std::string_view k_delete_webhook = "/webhook.Webhook/DeleteWebhook";
inline constexpr std::string_view k_list_webhooks = "/webhook.Webhook/ListWebhooks";
inline constexpr std::string_view k_get_webhook_secret = "/webhook.Webhook/GetWebhookSecret";
inline constexpr std::string_view k_rotate_webhook_secret = "/webhook.Webhook/RotateWebhookSecret";
inline constexpr std::string_view k_create_cache = "/control_client.ScsControl/CreateCache";
inline constexpr std::string_view k_delete_cache = "/control_client.ScsControl/DeleteCache";
inline constexpr std::string_view k_list_caches = "/control_client.ScsControl/ListCaches";
inline constexpr std::string_view k_flush_cache = "/control_client.ScsControl/FlushCache";

// On the token endpoint.
inline constexpr std::string_view k_generate_disposable_token =
    "/token.Token/GenerateDisposableToken";

}  // namespace topicloop::wire
