// SPDX-License-Identifier: Apache-2.0
// What a capture keeps of a request that was received and of the answer it gets. Pure.
#pragma once

#include "model/capture.hpp"
#include "webhook/http_head.hpp"
#include "webhook/receiver.hpp"

#include <chrono>
#include <string>

namespace topicloop::webhook {

// Where the recording of one request stands.
struct Received {
  std::chrono::steady_clock::time_point at;  // When its headers had arrived.
  std::string body;
  bool is_whole = false;  // All of the body is there.
};

// Headers come as they were sent: order, spelling and values.
model::CaptureRecord record_of(const Exchange& exchange, const HttpHead& head,
                               const Received& received);

}  // namespace topicloop::webhook
