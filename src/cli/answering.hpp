// SPDX-License-Identifier: Apache-2.0
// How serve-webhook answers an event that was accepted: scripted answers, duplicates, counts.
//
// Around the consumer, which knows nothing of it. Thread-safe.
#pragma once

#include "cli/render.hpp"
#include "sink/duplicates.hpp"
#include "sink/tally.hpp"
#include "webhook/receiver.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct AnswerOptions {
  std::vector<std::string> respond;  // Statuses, in this order; the last one stays.
  std::optional<std::string> respond_body;
  std::string respond_delay = "0";
  std::string dedupe = "0";  // 0: duplicates are not told apart.
};

// --respond, --respond-body, --respond-delay, --dedupe; `options` must outlive the parsing.
void add_answer_flags(CLI::App& command, AnswerOptions& options);

class Answering {
public:
  // An answer that waits is not held up once `stop` is requested.
  Answering(const AnswerOptions& options, webhook::Receiver::Handler consumer,
            std::stop_token stop);

  webhook::HandlerAnswer answer(const webhook::ReceivedEvent& received);

  // Events that were not done again; nothing if duplicates are not told apart.
  std::optional<std::uint64_t> duplicates() const;
  // Of what was done so far, and what failed. Each time counts that something was tried: an event
  // that failed and came again is in both, a duplicate in neither.
  std::vector<sink::Tally::Row> report();

private:
  webhook::HandlerAnswer do_once(const webhook::ReceivedEvent& received);
  webhook::HandlerAnswer do_now(const webhook::ReceivedEvent& received);
  void count(const model::WebhookEvent& event, bool done);
  void script(webhook::HandlerAnswer& answer);

  const webhook::Receiver::Handler consumer_;
  const std::stop_token stop_;
  std::vector<int> statuses_;
  const std::optional<std::string> body_;
  const std::chrono::milliseconds delay_;
  std::optional<sink::Duplicates> duplicates_;
  std::atomic<std::uint64_t> duplicate_count_ = 0;
  std::atomic<std::size_t> scripted_ = 0;  // Answers given from the script so far.
  std::mutex mutex_;
  sink::Tally tally_{std::chrono::steady_clock::now()};  // Guarded by mutex_.
};

}  // namespace topicloop::cli
