// SPDX-License-Identifier: Apache-2.0
#include "webhook/recording.hpp"

#include "webhook/request.hpp"

#include <httplib.h>

#include <algorithm>
#include <array>

namespace topicloop::webhook {

namespace {

// Added by older versions of httplib, which tell the addresses this way.
bool is_added(const std::string& name) {
  constexpr std::array k_added = {"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT"};
  return std::find(k_added.begin(), k_added.end(), name) != k_added.end();
}

model::HttpHeaders headers_of(const httplib::Request& request) {
  model::HttpHeaders headers;
  for (const auto& [name, value] : request.headers) {
    if (!is_added(name)) headers.emplace_back(name, value);
  }
  return headers;
}

}  // namespace

model::CaptureRecord record_of(const Exchange& exchange, const httplib::Request& request,
                               const Received& received) {
  model::HttpExchange kept;
  kept.id = exchange.id;
  kept.peer = exchange.peer;
  kept.url = exchange.url;
  kept.request = {.method = request.method,
                  .target = request.target,
                  .version = request.version,
                  .headers = headers_of(request),
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
