// SPDX-License-Identifier: Apache-2.0
// Messages that are published on one topic and come back on one, the same or another, to some
// subscribers: what `bench subscribe` and `bench loop` measure.
#pragma once

#include "cli/bench_service.hpp"
#include "cli/measuring.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace topicloop::cli {

class RoundTrip : public Workload {
public:
  // Returns once everybody has subscribed. Throws CommandError.
  RoundTrip(const BenchOptions& options, const BenchService& service, const std::string& to,
            const std::string& from, bench::Flights& flights, std::stop_token stop);

  void send(std::size_t sender, std::uint64_t index) override;
  void flush(std::size_t sender) override;

private:
  void on_event(const model::SubscriptionEvent& event);

  const std::size_t size_;
  const std::string to_;
  bench::Flights& flights_;
  const std::stop_token stop_;
  topic::Publisher publisher_;
  std::optional<topic::Audience> audience_;  // Last: its thread uses all of the above.
};

}  // namespace topicloop::cli
