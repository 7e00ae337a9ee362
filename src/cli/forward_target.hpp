// SPDX-License-Identifier: Apache-2.0
// A place that `forward` delivers to: what is sent there, and how it is doing.
//
// Not thread-safe.
#pragma once

#include "webhook/delivery.hpp"
#include "webhook/delivery_window.hpp"
#include "webhook/signature.hpp"

#include <optional>
#include <string>

namespace topicloop::cli {

struct ForwardTarget {
  std::string url;
  bool is_lambda = false;  // A Lambda runtime emulator, which wants the request as an invocation.

  // The URL as it may be shown.
  std::string name() const;

  // What the URL is called with. The same arguments give the same bytes.
  webhook::SignedRequest request(const webhook::HeldMessage& held, SystemTime fired_at,
                                 const webhook::Signer& signer) const;
  // Sets what is special about deliveries there.
  void adapt(webhook::Delivery& delivery) const;
};

// Turns outcomes into the few changes worth telling. An endpoint is failing once its first attempt,
// or three in a row, ended in a way that may pass; it does well again with the next delivery.
class TargetHealth {
public:
  enum class Change { Fails, DoesWell };

  std::optional<Change> take(const webhook::DeliveryOutcome& outcome);

private:
  int failures_in_a_row_ = 0;
  bool has_done_well_ = false;
  bool is_failing_ = false;
};

}  // namespace topicloop::cli
