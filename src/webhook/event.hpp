// SPDX-License-Identifier: Apache-2.0
// The JSON body of a webhook request, written byte for byte as Momento's service writes it.
//
// The bytes matter because the signature covers them. Pure; hides the JSON library.
#pragma once

#include "base/error.hpp"
#include "model/webhook.hpp"

#include <string>
#include <string_view>

namespace topicloop::webhook {

// Compact, keys in the order cache, topic, event_timestamp, publish_timestamp,
// topic_sequence_number, token_id, text. Strings are escaped as append_json_string does it and must
// be well-formed UTF-8.
std::string to_json(const model::WebhookEvent& event);

// Reads such a body. All seven keys are required with their types; other keys and any order are
// accepted, and the last of several equal keys counts. Fails with BadInput naming the key, or the
// byte where the JSON breaks off. Nesting is not limited: pass bodies of bounded size.
Result<model::WebhookEvent> parse_event(std::string_view body);

}  // namespace topicloop::webhook
