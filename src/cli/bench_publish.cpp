// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_payload.hpp"
#include "cli/bench_service.hpp"
#include "cli/measuring.hpp"

#include <deque>
#include <utility>

namespace topicloop::cli {

namespace {

// As fast as it goes, one thread keeps the window full, as `publish` does. At a pace, each message
// in flight has a thread: one that waits for its next message could not see an answer come.
class Publishing : public Workload {
public:
  Publishing(const BenchOptions& options, const BenchService& service, bench::Flights& flights,
             std::stop_token stop)
      : size_(options.size),
        topic_(service.topic("publish")),
        flights_(flights),
        stop_(std::move(stop)) {
    const std::size_t lanes = options.rate > 0 ? options.in_flight : 1;
    for (std::size_t i = 0; i < lanes; ++i) {
      lanes_.emplace_back(service.client().publisher(
          {.cache = service.cache(),
           .in_flight = options.in_flight / lanes,
           .on_result = [this, i](std::uint64_t ordinal, const Result<void>& outcome) {
             on_result(i, ordinal, outcome);
           }}));
    }
  }

  std::size_t senders() const override { return lanes_.size(); }

  void send(std::size_t sender, std::uint64_t index) override {
    lanes_[sender].last = index;
    lanes_[sender].publisher.publish(topic_, model::Value::text(payload_of(index, size_)), stop_);
  }

  void flush(std::size_t sender) override { lanes_[sender].publisher.flush(stop_); }

private:
  struct Lane {
    explicit Lane(topic::Publisher given) : publisher(std::move(given)) {}
    topic::Publisher publisher;
    std::uint64_t last = 0;  // Index of the message sent last.
  };

  // One lane has all messages; of many lanes, each has one at a time.
  void on_result(std::size_t lane, std::uint64_t ordinal, const Result<void>& outcome) {
    if (outcome) {
      flights_.arrive(lanes_.size() == 1 ? ordinal : lanes_[lane].last,
                      std::chrono::steady_clock::now());
    } else {
      flights_.give_up(outcome.error());
    }
  }

  const std::size_t size_;
  const std::string topic_;
  bench::Flights& flights_;
  const std::stop_token stop_;
  std::deque<Lane> lanes_;
};

}  // namespace

void run_bench_publish(const BenchOptions& options, Context& context) {
  const BenchService service(options, context);
  if (context.stop().stop_requested()) return;
  bench::Flights flights(options.in_flight, 1);
  Publishing publishing(options, service, flights, context.stop());
  measure(options,
          {.kind = "publish",
           .where = service.endpoint(),
           .is_embedded = service.is_embedded(),
           .processes = service.processes()},
          publishing, flights, context);
}

}  // namespace topicloop::cli
