// SPDX-License-Identifier: Apache-2.0
// Where events are replayed to: a URL, a topic, or nothing but the output.
//
// A target belongs to one thread. Answers may come on others, and go to a mailbox from which that
// thread takes them.
#pragma once

#include "cli/context.hpp"
#include "cli/replaying.hpp"
#include "replay/event.hpp"
#include "replay/verdict.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace topicloop::cli {

class Renderer;

// What came of an event, by the number under which it was sent.
struct ReplayEnd {
  std::uint64_t number = 0;
  replay::Answer answer;
  std::string method = {};  // Of a request.
  std::string id = {};      // Of the request as it was sent; may be empty.
  SystemTime sent_at;
  SystemTime ended_at;
  bool is_aborted = false;  // By a stop: nobody knows what would have come of it.
};

// Bounded by what is under way. Thread-safe.
class ReplayMailbox {
public:
  using Clock = std::chrono::steady_clock;

  void put(ReplayEnd end);
  // All there is; waits for something until `deadline` or a stop.
  std::vector<ReplayEnd> take(Clock::time_point deadline, const std::stop_token& stop);

private:
  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::vector<ReplayEnd> ends_;
};

class ReplayTarget {
public:
  using OnWarning = std::function<void(const std::string&)>;

  virtual ~ReplayTarget() = default;

  // Why the event is not to be sent there; empty if it is.
  virtual std::string reason_to_skip(const replay::Event& event) const = 0;
  // Where exactly the event would go, fit to be shown. Throws CommandError, BadInput or Usage
  // naming FILE:LINE, for what cannot be sent.
  virtual std::string check(const replay::Event& event) = 0;
  // Begins; the mailbox gets how it ended. Throws what check() throws.
  virtual void send(std::uint64_t number, const replay::Event& event) = 0;
  // Does what is to be done on this thread for answers to come.
  virtual void settle() {}
  // Nothing is tried again from now on.
  virtual void end_retries() {}
  // What it is called in output, fit to be shown.
  virtual std::string name() const = 0;
};

std::unique_ptr<ReplayTarget> make_url_target(const ReplayOptions& options, const Context& context,
                                              ReplayMailbox& mailbox,
                                              ReplayTarget::OnWarning on_warning);
std::unique_ptr<ReplayTarget> make_topic_target(const ReplayOptions& options,
                                                const Context& context, ReplayMailbox& mailbox);
// Writes the messages as they are.
std::unique_ptr<ReplayTarget> make_print_target(const ReplayOptions& options,
                                                const Context& context, Renderer& renderer,
                                                ReplayMailbox& mailbox);
// Writes what `other` would be sent.
std::unique_ptr<ReplayTarget> make_dry_target(std::unique_ptr<ReplayTarget> other,
                                              Renderer& renderer, ReplayMailbox& mailbox);

}  // namespace topicloop::cli
