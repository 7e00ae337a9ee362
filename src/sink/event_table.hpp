// SPDX-License-Identifier: Apache-2.0
// Webhook events as rows of an SQLite database, one row per event however often it is delivered.
//
// An event is on the disk when add() returns: events of several threads that come together share
// one transaction. Others may read the database meanwhile (WAL); one that locks it for longer than
// the time given makes events fail. Hides SQLite. Thread-safe.
#pragma once

#include "base/clock.hpp"
#include "sink/passage.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace topicloop::sink {

struct EventTableOptions {
  std::string file;
  std::chrono::milliseconds lock_timeout{2'000};
};

class EventTable {
public:
  // Makes the file, the table `events`, its indexes and the view `topics`, unless they are there.
  // Fails with BadInput, naming the file, if it is no database, not one of ours, or of a later
  // version.
  static Result<EventTable> open(const EventTableOptions& options);
  EventTable(EventTable&&) noexcept;
  EventTable& operator=(EventTable&&) noexcept;
  ~EventTable();  // Leaves one file: what is in the log is moved into the database.

  // An event of the same cache, topic, topic_sequence_number and event_timestamp is the same event:
  // its row keeps its content, and counts one delivery more.
  Result<void> add(const Passage& passage, SystemTime received_at);

private:
  struct Impl;
  explicit EventTable(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::sink
