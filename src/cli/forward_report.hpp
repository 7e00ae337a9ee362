// SPDX-License-Identifier: Apache-2.0
// What `forward` tells besides its deliveries: where to, how the endpoints are doing, what was
// given up, and the sum of it all.
//
// Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "cli/forward_target.hpp"
#include "cli/render.hpp"
#include "model/message.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace topicloop::cli {

struct ForwardCounts {
  std::uint64_t received = 0;  // Messages.
  std::uint64_t delivered = 0;
  std::uint64_t retries = 0;  // Attempts after a delivery's first.
  std::uint64_t dead_lettered = 0;
  std::uint64_t failed = 0;  // And in no dead letter file.
  std::uint64_t gaps = 0;
};

class ForwardReport {
public:
  // Both must outlive this.
  ForwardReport(Renderer& renderer, const std::vector<ForwardTarget>& endpoints);

  void ready(const std::vector<std::string>& topics);
  // An attempt at `endpoint` ended so.
  void health(std::size_t endpoint, const webhook::DeliveryOutcome& outcome);
  void given_up(const model::Message& message, std::size_t endpoint,
                const webhook::DeliveryOutcome& outcome, bool is_dead_letter);
  // `open` messages are not settled.
  void summary(const ForwardCounts& counts, std::size_t open);

private:
  std::string name_of(std::size_t endpoint) const;

  Renderer& renderer_;
  const std::vector<ForwardTarget>& endpoints_;
  std::vector<TargetHealth> health_;  // By endpoint.
};

// What the command fails with if `failed` is not 0.
Error deliveries_failed(const ForwardCounts& counts);

}  // namespace topicloop::cli
