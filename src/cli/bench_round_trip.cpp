// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_round_trip.hpp"

#include "cli/bench_payload.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>
#include <variant>

namespace topicloop::cli {

RoundTrip::RoundTrip(const BenchOptions& options, const BenchService& service,
                     const std::string& to, const std::string& from, bench::Flights& flights,
                     std::stop_token stop)
    : size_(options.size),
      to_(to),
      flights_(flights),
      stop_(std::move(stop)),
      publisher_(service.client().publisher(
          {.cache = service.cache(),
           .in_flight = options.in_flight,
           .on_result = [this](std::uint64_t, const Result<void>& outcome) {
             if (!outcome) flights_.give_up(outcome.error());
           }})) {
  audience_ = value_or_throw(service.client().audience(
      {.cache = service.cache(),
       .topic = from,
       .subscribers = options.subscribers,
       .on_event = [this](const model::SubscriptionEvent& event) { on_event(event); },
       .on_end = [this](Error error) { flights_.give_up(std::move(error)); }},
      stop_));
}

void RoundTrip::send(std::size_t /*sender*/, std::uint64_t index) {
  publisher_.publish(to_, model::Value::text(payload_of(index, size_)), stop_);
}

void RoundTrip::flush(std::size_t /*sender*/) {
  publisher_.flush(stop_);
}

void RoundTrip::on_event(const model::SubscriptionEvent& event) {
  if (const auto* message = std::get_if<model::Message>(&event)) {
    const auto now = std::chrono::steady_clock::now();
    if (const auto index = index_in(message->value.bytes)) flights_.arrive(*index, now);
  } else if (const auto* gap = std::get_if<model::Discontinuity>(&event)) {
    flights_.give_up({ErrorKind::CheckFailed,
                      fmt::format("a subscriber has lost the messages {} to {}",
                                  gap->last_topic_sequence, gap->new_topic_sequence),
                      "fewer messages in flight, or a service that keeps more, may help"});
  }
}

}  // namespace topicloop::cli
