// SPDX-License-Identifier: Apache-2.0
// The result of a benchmark as numbers, and what follows from them. Plain values.
#pragma once

#include "bench/flights.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace topicloop::bench {

// What one process has used.
struct Usage {
  std::chrono::nanoseconds cpu{0};   // While it was measured.
  std::uint64_t resident_bytes = 0;  // At the end.
  std::uint64_t peak_resident_bytes = 0;
};

struct ProcessReport {
  std::string name;  // "client", "service", "receiver".
  Usage usage;
};

struct Report {
  std::string kind;   // "publish", "subscribe", "loop", "webhook".
  std::string where;  // The service's endpoint or the receiver's URL.
  bool is_embedded = false;
  std::uint64_t messages = 0;  // That were to be sent.
  std::uint64_t warm_up = 0;   // Before that.
  std::size_t size = 0;        // Bytes of each.
  std::size_t in_flight = 1;
  std::optional<std::size_t> subscribers = {};
  double rate = 0;                       // Per second; 0: as fast as it goes.
  std::chrono::nanoseconds duration{0};  // From the first message to the last arrival.
  Tally tally = {};
  std::vector<ProcessReport> processes = {};

  // All there was to do is done.
  bool is_complete() const { return tally.finished == messages; }
  // Were begun, and have neither arrived everywhere nor failed.
  std::uint64_t lost() const { return tally.begun - tally.finished - tally.failed; }
  // Arrivals a second, and their payloads' million bytes.
  double per_second() const;
  double megabytes_per_second() const;
  // Of a process, for each message that arrived; zero if none did.
  std::chrono::nanoseconds cpu_each(const Usage& usage) const;
  // How much of a processor it was busy with: what is near 1 of a thread can do no more.
  double cores_used(const Usage& usage) const;
};

}  // namespace topicloop::bench
