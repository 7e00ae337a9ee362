// SPDX-License-Identifier: Apache-2.0
// What a capture keeps of a request that was received and of the answer it gets. Pure.
#pragma once

#include "model/capture.hpp"
#include "webhook/receiver.hpp"

#include <chrono>
#include <string>

namespace httplib {
struct Request;
}

namespace topicloop::webhook {

// Where the recording of one request stands.
struct Received {
  std::chrono::steady_clock::time_point at;  // When its headers had arrived.
  std::string body;
  bool is_whole = false;  // All of the body is there.
};

// Headers keep their spelling, and values of one name their order. The order of different names,
// and what of a value was percent-encoded, httplib does not tell: they come sorted and decoded.
model::CaptureRecord record_of(const Exchange& exchange, const httplib::Request& request,
                               const Received& received);

}  // namespace topicloop::webhook
