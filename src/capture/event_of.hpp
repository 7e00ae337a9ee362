// SPDX-License-Identifier: Apache-2.0
// The message inside a captured webhook request. Pure.
#pragma once

#include "model/capture.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace topicloop::capture {

struct CapturedEvent {
  std::string cache;
  std::string topic;
  std::uint64_t sequence_number = 0;
  std::string token_id;
  model::Value payload;  // Binary if the sender marked it as that.
};

// Nothing if the request's body is not a webhook event, nor a Lambda's invocation with one.
std::optional<CapturedEvent> event_of(const model::HttpExchange& exchange);

// The value of the first header of this name, whatever its case; nothing if there is none.
std::optional<std::string> header_of(const model::HttpHeaders& headers, std::string_view name);

}  // namespace topicloop::capture
