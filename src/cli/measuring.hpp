// SPDX-License-Identifier: Apache-2.0
// Runs a benchmark: warms up, sends at the pace asked for, takes the times, shows the report.
//
// What is measured is a Workload; how it is measured is the same for all.
#pragma once

#include "bench/flights.hpp"
#include "bench/report.hpp"
#include "cli/benching.hpp"
#include "cli/context.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace topicloop::cli {

// Sends messages and tells `flights` what becomes of them.
class Workload {
public:
  Workload() = default;
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;
  virtual ~Workload() = default;

  // How many threads send.
  virtual std::size_t senders() const { return 1; }
  // Indexes come in order, one after the other without a gap; each sender has a thread of its own.
  virtual void send(std::size_t sender, std::uint64_t index) = 0;
  // There is no more for now: settles what only a further send() would.
  virtual void flush(std::size_t /*sender*/) {}
};

struct MeasuredProcess {
  std::string name;
  int id = 0;  // 0: this one.
};

struct BenchSetting {
  std::string kind;
  std::string where;
  bool is_embedded = false;
  bool has_subscribers = false;  // Of a number that the options say.
  std::vector<MeasuredProcess> processes;
};

// See benching.hpp for what it shows and throws.
void measure(const BenchOptions& options, const BenchSetting& setting, Workload& workload,
             bench::Flights& flights, Context& context);

}  // namespace topicloop::cli
