// SPDX-License-Identifier: Apache-2.0
// The HTTP request that delivers one message to one webhook: URL, headers, signed body.
//
// Both sides of a delivery take their header names from here. Pure: clock and key are arguments.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "model/message.hpp"
#include "model/webhook.hpp"
#include "webhook/signature.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace topicloop::webhook {

inline constexpr const char* k_signature_header = "momento-signature";
inline constexpr const char* k_content_type = "application/json";
// As Momento's service calls itself.
inline constexpr const char* k_user_agent =
    "Momento/1.0 (Webhooks; +https://docs.momentohq.com/topics/webhooks)";
// Our own addition, absent from text messages: with the value k_base64 the message was binary, and
// the event's `text` is its bytes in standard base64.
inline constexpr const char* k_text_encoding_header = "topicloop-text-encoding";
inline constexpr const char* k_base64 = "base64";

// A request ready to be sent. Headers are sent in this order; those without a value are left out.
struct SignedRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string id;  // short_id() of the signature.
  std::string method = "POST";
  // No header is added but those that HTTP cannot do without, and none is left out.
  bool is_verbatim = false;
};

// `published_at` becomes event_timestamp, `fired_at` publish_timestamp, the publisher's id
// token_id. Text must be well-formed UTF-8.
SignedRequest make_request(const model::Webhook& webhook, const model::Message& message,
                           SystemTime published_at, SystemTime fired_at, const Signer& signer);

// The first 8 hexadecimal digits of a signature: the id under which both sides show a delivery.
std::string short_id(std::string_view signature);

// An absolute http or https URL with a host; otherwise InvalidArgument naming the URL,
// without credentials.
Result<void> check_url(std::string_view url);

}  // namespace topicloop::webhook
