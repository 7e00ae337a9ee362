// SPDX-License-Identifier: Apache-2.0
#include "base/stop.hpp"
#include "cli/duration.hpp"
#include "cli/render.hpp"
#include "cli/replay_target.hpp"
#include "replay/obstacles.hpp"
#include "topic/resume.hpp"

#include <fmt/format.h>

#include <optional>
#include <random>
#include <unordered_map>
#include <utility>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

SystemTime now() {
  return std::chrono::system_clock::now();
}

bool may_pass(ErrorKind kind) {
  return kind == ErrorKind::Unavailable || kind == ErrorKind::DeadlineExceeded ||
         kind == ErrorKind::LimitExceeded || kind == ErrorKind::ServiceFailed;
}

class TopicTarget : public ReplayTarget {
public:
  TopicTarget(const ReplayOptions& options, const Context& context, ReplayMailbox& mailbox)
      : options_(options),
        context_(context),
        edits_(value_or_throw(replay::Edits::parse(options.settings))),
        retries_(options.retry),
        stop_(context.stop()),
        mailbox_(mailbox) {
    if (!options.retry_max_time.empty()) {
      retry_max_time_ = value_or_throw(parse_duration(options.retry_max_time));
    }
  }

  std::string reason_to_skip(const replay::Event& event) const override {
    return replay::reason_to_skip(event, true);
  }

  std::string check(const replay::Event& original) override {
    value_of(original);
    return name();
  }

  void send(std::uint64_t number, const replay::Event& original) override {
    publish({.number = number, .value = value_of(original)});
  }

  void settle() override {
    do {
      if (publisher_) publisher_->flush(stop_);
    } while (send_again());
  }

  void end_retries() override { retries_ = 0; }
  std::string name() const override { return options_.topic; }

private:
  struct Pending {
    std::uint64_t number = 0;
    model::Value value;
    std::uint64_t attempts = 1;  // The one under way included.
    SystemTime sent_at = {};
    Clock::time_point begin = {};
    Clock::time_point first_begin = {};
  };

  model::Value value_of(const replay::Event& original) const {
    value_or_throw(replay::check_payload_left_out(original));
    auto message = value_or_throw(replay::edited(original, edits_)).message();
    if (message) return std::move(message->value);
    throw CommandError(
        {ErrorKind::BadInput,
         fmt::format("{}: --set leaves no webhook event to publish", original.position()), ""});
  }

  // Not before there is something to send: a rehearsal needs no service.
  topic::Publisher& publisher() {
    if (!publisher_) {
      publisher_ =
          connect(options_.connection, context_)
              .publisher({.cache = cache_name(options_.connection),
                          .in_flight = options_.concurrency,
                          .on_result = [this](std::uint64_t index, const Result<void>& outcome) {
                            on_result(index, outcome);
                          }});
    }
    return *publisher_;
  }

  void publish(Pending pending) {
    pending.sent_at = now();
    pending.begin = Clock::now();
    if (pending.attempts == 1) pending.first_begin = pending.begin;
    const auto place = in_flight_.emplace(next_index_++, std::move(pending)).first;
    // May have been answered, and be gone, before this returns.
    const model::Value value = place->second.value;
    publisher().publish(options_.topic, value, stop_);
  }

  bool may_be_tried_again(const Pending& pending, const Error& error) const {
    const bool has_time = !retry_max_time_ || Clock::now() - pending.first_begin < *retry_max_time_;
    return pending.attempts <= retries_ && has_time && may_pass(error.kind);
  }

  void on_result(std::uint64_t index, const Result<void>& outcome) {
    Pending pending = std::move(in_flight_.extract(index).mapped());
    if (!outcome && may_be_tried_again(pending, outcome.error())) {
      again_.push_back(std::move(pending));
      return;
    }
    ReplayEnd end{.number = pending.number,
                  .answer = {},
                  .sent_at = pending.sent_at,
                  .ended_at = now(),
                  .is_aborted = !outcome && outcome.error().kind == ErrorKind::Cancelled};
    end.answer.latency =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - pending.begin);
    end.answer.attempts = pending.attempts;
    if (!outcome) {
      end.answer.error = outcome.error().message;
      end.answer.kind = outcome.error().kind;
    }
    mailbox_.put(std::move(end));
  }

  // Sends what is to be tried again, after a wait. False if there is nothing.
  bool send_again() {
    if (again_.empty()) {
      backoff_.reset();
      return false;
    }
    const auto wait = backoff_.next(std::uniform_real_distribution<>(0, 1)(random_));
    static_cast<void>(wait_for_stop_until(stop_, Clock::now() + wait));
    for (auto& pending : std::exchange(again_, {})) {
      ++pending.attempts;
      publish(std::move(pending));
    }
    return true;
  }

  const ReplayOptions& options_;
  const Context& context_;
  const replay::Edits edits_;
  std::uint64_t retries_;
  std::optional<std::chrono::milliseconds> retry_max_time_;
  const std::stop_token stop_;
  ReplayMailbox& mailbox_;
  std::unordered_map<std::uint64_t, Pending> in_flight_;  // By the publisher's index.
  std::uint64_t next_index_ = 0;
  std::vector<Pending> again_;
  topic::Backoff backoff_;
  std::minstd_rand random_{std::random_device{}()};
  std::optional<topic::Publisher> publisher_;  // Last: it calls back into what is above.
};

}  // namespace

std::unique_ptr<ReplayTarget> make_topic_target(const ReplayOptions& options,
                                                const Context& context, ReplayMailbox& mailbox) {
  return std::make_unique<TopicTarget>(options, context, mailbox);
}

}  // namespace topicloop::cli
