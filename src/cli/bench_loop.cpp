// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_round_trip.hpp"
#include "cli/own_process.hpp"

namespace topicloop::cli {

void run_bench_loop(const BenchOptions& options, Context& context) {
  const BenchService service(options, context);
  if (context.stop().stop_requested()) return;
  const std::string in = service.topic("in");
  const std::string out = service.topic("out");
  bench::Flights flights(options.in_flight, 1);
  // First of all, as it is told by the service itself what is wrong with it.
  RoundTrip round_trip(options, service, in, out, flights, context.stop());
  const OwnProcess receiver(
      service.call({.arguments = {"serve-webhook", "--listen", "127.0.0.1:0", "--register", in,
                                  "--transform", "upper", "--publish-to", out},
                    .ready = "receiving webhooks on "}),
      context);
  if (context.stop().stop_requested()) return;
  auto processes = service.processes();
  processes.push_back({"receiver", receiver.id()});
  measure(options,
          {.kind = "loop",
           .where = service.endpoint(),
           .is_embedded = service.is_embedded(),
           .processes = processes},
          round_trip, flights, context);
}

}  // namespace topicloop::cli
