// SPDX-License-Identifier: Apache-2.0
#include "cli/publishing.hpp"

#include "base/stop.hpp"
#include "cli/exit_code.hpp"
#include "cli/progress.hpp"
#include "cli/render.hpp"
#include "topic/resume.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <random>
#include <unordered_map>
#include <utility>
#include <vector>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

bool may_pass(ErrorKind kind) {
  return kind == ErrorKind::Unavailable || kind == ErrorKind::DeadlineExceeded ||
         kind == ErrorKind::LimitExceeded || kind == ErrorKind::ServiceFailed;
}

class Publishing {
public:
  Publishing(const PublishOptions& options, Context& context)
      : options_(options),
        context_(context),
        renderer_(context, options.output),
        source_(options.source, context,
                [this](const std::string& warning) { renderer_.warning(warning); }),
        progress_(context, options.output, source_.total(),
                  source_.is_stdin() && context.streams.in_is_terminal),
        cache_(cache_name(options.connection)),
        publisher_(
            connect(options.connection, context)
                .publisher({.cache = cache_,
                            .in_flight = options.in_flight,
                            .on_result = [this](std::uint64_t index, const Result<void>& outcome) {
                              on_result(index, outcome);
                            }})) {}

  void run() {
    if (source_.is_lines() && source_.is_stdin() && context_.streams.in_is_terminal) {
      renderer_.warning("publishing each line you type; end with Ctrl-D");
    }
    const auto begin = Clock::now();
    while (!is_over() && send_next(begin)) {
    }
    settle();
    progress_.clear();
    conclude();
  }

private:
  struct Pending {
    SourceMessage message;
    std::uint64_t ordinal = 0;   // Among all messages, from 0.
    std::uint64_t attempts = 0;  // That failed.
    Error error = {};            // The last one.
  };

  struct Failure {
    std::uint64_t ordinal = 0;
    std::string name;
    Error error;
  };

  // After a failure, unless told to go on; and once nobody reads what is shown.
  bool is_over() const {
    return context_.stop().stop_requested() || (failure_ && !options_.keep_going);
  }

  // False if there was no message.
  bool send_next(Clock::time_point begin) {
    // Answers are taken up before waiting for input, so that failures show at once.
    auto next = source_.next([this] {
      settle();
      return !is_over();
    });
    const std::uint64_t ordinal = ordinal_;
    if (!next) {
      ++ordinal_;
      fail({ordinal, "", std::move(next).error()});
      // What is wrong with a file is wrong with it every time.
      return source_.is_lines();
    }
    if (!*next) return false;
    ++ordinal_;
    if (!wait_for_turn(begin, ordinal)) return false;
    send({**std::move(next), ordinal});
    if (!again_.empty()) settle();
    return true;
  }

  // By the clock, so that what was late is made up for. False on a stop.
  bool wait_for_turn(Clock::time_point begin, std::uint64_t ordinal) const {
    if (options_.rate <= 0) return true;
    const std::chrono::duration<double> after(static_cast<double>(ordinal) / options_.rate);
    return !wait_for_stop_until(context_.stop(),
                                begin + std::chrono::duration_cast<Clock::duration>(after));
  }

  void send(Pending pending) {
    const auto place = in_flight_.emplace(next_index_++, std::move(pending)).first;
    publisher_.publish(options_.topic, place->second.message.value, context_.stop());
  }

  void on_result(std::uint64_t index, const Result<void>& outcome) {
    Pending pending = std::move(in_flight_.extract(index).mapped());
    if (outcome) {
      renderer_.published(cache_, options_.topic, pending.message.value.bytes.size());
      progress_.show(++accepted_);
    } else if (pending.attempts < options_.retry && may_pass(outcome.error().kind)) {
      ++pending.attempts;
      pending.error = outcome.error();
      again_.push_back(std::move(pending));
    } else {
      fail({pending.ordinal, std::move(pending.message.name), outcome.error()});
    }
  }

  // Waits until nothing is in flight, trying again what failed of it: all of it together, since
  // what one message met its neighbours met too, and waits that add up would take minutes.
  void settle() {
    publisher_.flush(context_.stop());
    while (!again_.empty() && !is_over()) {
      const auto wait = backoff_.next(std::uniform_real_distribution<>(0, 1)(random_));
      if (wait_for_stop_until(context_.stop(), Clock::now() + wait)) return;
      for (auto& pending : std::exchange(again_, {}))
        send(std::move(pending));
      publisher_.flush(context_.stop());
    }
    backoff_.reset();
    for (auto& pending : std::exchange(again_, {}))
      fail({pending.ordinal, std::move(pending.message.name), std::move(pending.error)});
  }

  void fail(Failure failure) {
    if (context_.stop().stop_requested()) return;
    ++failed_;
    if (options_.keep_going) {
      progress_.clear();
      show(failure);
    }
    if (!failure_ || failure.ordinal < failure_->ordinal) failure_ = std::move(failure);
  }

  // A record of its own, as the error at the end tells only the first.
  void show(const Failure& failure) {
    const std::string text = describe(failure);
    renderer_.warning(text);
    if (renderer_.format() != OutputFormat::Json) return;
    renderer_.result(text, {{"type", "error"},
                            {"kind", name_of(failure.error.kind)},
                            {"message", text},
                            {"index", failure.ordinal + 1}});
  }

  // An error about input names it already.
  static std::string describe(const Failure& failure) {
    if (failure.name.empty()) return failure.error.message;
    return fmt::format("{} was not published: {}", failure.name, failure.error.message);
  }

  void conclude() {
    const bool is_one = source_.total() == 1;
    if (context_.stop().stop_requested()) {
      const bool is_by_signal = context_.interrupt.signal != 0;  // Else nobody reads our output.
      if (is_by_signal && !is_one) {
        renderer_.summary(fmt::format("stopped; {} published", accepted_),
                          {{"published", accepted_}});
      }
      return;
    }
    if (options_.keep_going && renderer_.format() == OutputFormat::Json) {
      renderer_.summary(fmt::format("{} published, {} not", accepted_, failed_),
                        {{"published", accepted_}, {"failed", failed_}});
    }
    if (!failure_) return;
    Error error = failure_->error;
    if (!is_one) error.message = describe(*failure_);
    if (!is_one && (failure_->ordinal > 0 || accepted_ > 0)) {
      error.message += fmt::format(" ({} published{})", accepted_,
                                   options_.keep_going ? fmt::format(", {} not", failed_) : "");
    }
    throw CommandError(std::move(error));
  }

  const PublishOptions& options_;
  Context& context_;
  Renderer renderer_;
  MessageSource source_;
  Progress progress_;
  std::string cache_;
  topic::Publisher publisher_;

  std::unordered_map<std::uint64_t, Pending> in_flight_;  // By the publisher's index.
  std::uint64_t next_index_ = 0;
  std::vector<Pending> again_;  // Failed, and to be tried again.
  topic::Backoff backoff_;
  std::minstd_rand random_{std::random_device{}()};

  std::uint64_t ordinal_ = 0;  // Of the next message.
  std::uint64_t accepted_ = 0;
  std::uint64_t failed_ = 0;
  std::optional<Failure> failure_;  // Of the first message, in their order, that failed.
};

}  // namespace

void run_publish(const PublishOptions& options, Context& context) {
  Publishing(options, context).run();
}

}  // namespace topicloop::cli
