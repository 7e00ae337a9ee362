// SPDX-License-Identifier: Apache-2.0
// The recent history of one topic: a ring of already-serialised messages.
//
// Readers are cursors into the ring, not queues: a slow or stopped reader costs nothing, and when
// its cursor falls off the ring it reads a discontinuity instead of the messages it lost. Pure:
// no clock, no I/O, no threads.
#pragma once

#include "base/clock.hpp"
#include "model/message.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace topicloop::broker {

// Serialised once on publish, then shared by every reader.
using SharedBytes = std::shared_ptr<const std::string>;

struct LogEntry {
  std::uint64_t sequence_number = 0;
  SystemTime published_at;
  SharedBytes item;  // A serialised subscription item.
};

// What is kept; the oldest messages go when either is exceeded, but never the newest.
struct Retention {
  std::size_t messages = 1'000;
  std::size_t bytes = 64U << 20U;
};

// A reader's place in a log; made by TopicLog::attach, moved by TopicLog::read.
struct Cursor {
  std::uint64_t next = 1;
  std::optional<model::Discontinuity> pending;  // To be read before anything else.
};

// Nothing to read yet, one entry (valid until the next append), or messages that were lost.
using LogRead = std::variant<std::monostate, const LogEntry*, model::Discontinuity>;

class TopicLog {
public:
  TopicLog(std::uint64_t sequence_page, Retention retention);

  std::uint64_t sequence_page() const { return sequence_page_; }
  // The number the next append will have; the first is 1.
  std::uint64_t next_sequence_number() const { return next_; }

  // What is kept: messages, and bytes of them as subscribers get them.
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }

  void append(SystemTime published_at, SharedBytes item);

  // The cursor for a subscription that asks for `resume` (its meaning: model::ResumePoint). History
  // that is gone, a number from the future or another page begin with a discontinuity.
  Cursor attach(const model::ResumePoint& resume) const;

  // Reads what is at the cursor and moves it on.
  LogRead read(Cursor& cursor) const;

  // True if read() would give something.
  bool has_more(const Cursor& cursor) const { return cursor.pending || cursor.next < next_; }

private:
  std::uint64_t oldest() const { return next_ - entries_.size(); }

  std::uint64_t sequence_page_;
  Retention retention_;
  std::uint64_t next_ = 1;
  std::size_t bytes_ = 0;
  std::deque<LogEntry> entries_;
};

}  // namespace topicloop::broker
