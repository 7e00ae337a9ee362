// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_round_trip.hpp"

namespace topicloop::cli {

void run_bench_subscribe(const BenchOptions& options, Context& context) {
  const BenchService service(options, context);
  if (context.stop().stop_requested()) return;
  bench::Flights flights(options.in_flight, options.subscribers);
  const std::string topic = service.topic("subscribe");
  RoundTrip round_trip(options, service, topic, topic, flights, context.stop());
  measure(options,
          {.kind = "subscribe",
           .where = service.endpoint(),
           .is_embedded = service.is_embedded(),
           .has_subscribers = true,
           .processes = service.processes()},
          round_trip, flights, context);
}

}  // namespace topicloop::cli
