// SPDX-License-Identifier: Apache-2.0
// Deliveries that were given up, appended to a capture file from which they can be sent again.
//
// Each is a `request` record: URL, headers and body exactly as sent last, with the last answer or
// why there was none, and the number of attempts. In the file, whole, once write() returns.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "capture/file.hpp"
#include "webhook/delivery.hpp"
#include "webhook/request.hpp"

#include <string>
#include <utility>

namespace topicloop::cli {

struct DeadLetter {
  webhook::SignedRequest request;
  SystemTime fired_at;
  webhook::DeliveryOutcome outcome;  // Of the last attempt.
};

class DeadLetters {
public:
  // BadInput naming the file if it cannot be written or holds something else.
  static Result<DeadLetters> open(const std::string& path);

  Result<void> write(DeadLetter letter);

private:
  explicit DeadLetters(capture::Writer file) : file_(std::move(file)) {}

  capture::Writer file_;
};

}  // namespace topicloop::cli
