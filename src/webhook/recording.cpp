// SPDX-License-Identifier: Apache-2.0
#include "webhook/recording.hpp"

namespace topicloop::webhook {

model::CaptureRecord record_of(const Exchange& exchange, const HttpHead& head,
                               const Received& received) {
  model::HttpExchange kept;
  kept.id = exchange.id;
  kept.peer = exchange.peer;
  kept.url = exchange.url;
  kept.request = {.method = head.method,
                  .target = head.target,
                  .version = head.version,
                  .headers = head.headers,
                  .body = received.is_whole ? received.body : "",
                  .body_received = received.is_whole};
  kept.verification = exchange.verification;
  kept.response = {exchange.status, {{"Content-Type", exchange.content_type}}, exchange.answer};
  kept.reason = exchange.reason;
  kept.latency = exchange.latency;
  const auto since_boot =
      std::chrono::duration_cast<std::chrono::nanoseconds>(received.at.time_since_epoch());
  return {.at = exchange.at, .mono_ns = since_boot.count(), .content = kept, .redacted = {}};
}

}  // namespace topicloop::webhook
