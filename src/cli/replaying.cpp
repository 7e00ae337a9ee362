// SPDX-License-Identifier: Apache-2.0
#include "cli/replaying.hpp"

#include "cli/duration.hpp"
#include "cli/progress.hpp"
#include "cli/render.hpp"
#include "cli/replay_output.hpp"
#include "cli/replay_target.hpp"
#include "cli/topic_watch.hpp"
#include "replay/answer_updates.hpp"
#include "replay/schedule.hpp"
#include "replay/source.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <memory>
#include <utility>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;
using Outcome = replay::CaseResult::Outcome;

// What there is to wait for comes sooner; or else it is waited for again.
constexpr std::chrono::hours k_long{1};

double number_of(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

replay::Pace pace_of(const ReplayOptions& options) {
  if (!options.rate.empty()) return {.speed = 0, .rate = number_of(options.rate)};
  if (options.speed == "max") return {};
  return {.speed = number_of(options.speed), .rate = 0};
}

replay::SourceOptions source_options(const ReplayOptions& options, const Context& context) {
  replay::SourceOptions source{.files = options.files, .standard_input = context.streams.in};
  if (!options.select.empty()) {
    source.selection = value_or_throw(replay::Selection::parse(options.select));
  }
  source.ids = options.ids;
  source.repeat = options.repeat;
  source.shuffle = options.shuffle;
  return source;
}

bool updates_answers(const ReplayOptions& options) {
  return options.update && options.expect_topic.empty();
}

replay::Expectations expectations(const ReplayOptions& options) {
  replay::Expectations expected;
  if (!options.expect.empty()) {
    expected.status = value_or_throw(replay::StatusExpectation::parse(options.expect));
  } else if (!options.compare && !updates_answers(options)) {
    expected.status.emplace();
  }
  expected.compare = options.compare && !options.update;
  expected.ignored = options.ignored;
  if (options.max_ms > 0) {
    expected.max_latency =
        std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(options.max_ms));
  }
  expected.keeps_signature = !options.resign;
  return expected;
}

class Replaying {
public:
  Replaying(const ReplayOptions& options, Context& context)
      : options_(options),
        context_(context),
        renderer_(context, options.output),
        report_(is_rehearsal() ? nullptr : make_report(options.reports, context)),
        output_(renderer_, replay::writes_to_stdout(options.reports.specs)),
        progress_(context, options.output, std::nullopt),
        expected_(expectations(options)),
        source_(
            source_options(options, context), [this](const std::string& warning) { warn(warning); },
            context.stop()),
        target_(make_target()) {
    if (updates_answers(options)) {
      for (const auto& file : options.files) {
        if (updates_.contains(file)) continue;
        updates_.emplace(file, value_or_throw(replay::AnswerUpdates::open(file)));
      }
    }
    if (!options.expect_topic.empty()) watch();
    totals_.started = std::chrono::system_clock::now();
  }

  void run() {
    const auto begin = Clock::now();
    try {
      replay_all(begin);
    } catch (const CommandError& error) {
      failure_ = error.error();
    }
    drain();
    try {
      // Nothing comes of what nobody took.
      if (watch_ && !failure_ && sent_ > totals_.errors) watch_->wait();
      if (!failure_ && !is_stopped()) settle_expectations();
    } catch (const CommandError& error) {
      failure_ = error.error();
    }
    totals_.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
    conclude();
  }

private:
  // An event from its beginning until it is shown.
  struct Open {
    replay::Event event;
    std::string where;
    std::optional<ReplayEnd> end;
    std::string skipped;  // Why, if it was not sent.
    bool is_ended() const { return end || !skipped.empty(); }
  };

  std::unique_ptr<ReplayTarget> make_target() {
    if (options_.print) return make_print_target(options_, context_, renderer_, mailbox_);
    auto target = options_.topic.empty()
                      ? make_url_target(options_, context_, mailbox_,
                                        [this](const std::string& warning) { warn(warning); })
                      : make_topic_target(options_, context_, mailbox_);
    if (!options_.dry_run) return target;
    return make_dry_target(std::move(target), renderer_, mailbox_);
  }

  void watch() {
    watch_ = std::make_unique<TopicWatch>(
        TopicWatchOptions{.topic = options_.expect_topic,
                          .file = options_.expect_file,
                          .is_ordered = !options_.unordered,
                          .ignored = options_.ignored,
                          .update = options_.update,
                          .timeout = value_or_throw(parse_duration(options_.timeout))},
        options_.connection, context_,
        [this](const std::string& warning) { renderer_.warning(warning); });
  }

  // What came out on the topic, and what is to be expected from now on.
  void settle_expectations() {
    for (auto& [file, updates] : updates_)
      value_or_throw(updates.write());
    if (!watch_) return;
    for (const auto& result : watch_->conclude()) {
      totals_.count(result.outcome);
      report_->add(result);
      if (result.outcome == Outcome::Passed) continue;
      progress_.clear();
      output_.show_failure(result);
    }
  }

  bool is_rehearsal() const { return options_.print || options_.dry_run; }
  bool is_stopped() const { return context_.stop().stop_requested(); }
  bool is_over() const { return is_stopped() || failure_ || (options_.fail_fast && bad_ > 0); }

  void replay_all(Clock::time_point begin) {
    replay::Schedule schedule(pace_of(options_), begin);
    while (!is_over()) {
      auto event = value_or_throw(source_.next());
      if (!event) return;
      const auto moment =
          schedule.next(event->file, event->round, event->record.at, event->record.mono_ns);
      if (!wait_for_turn(moment)) {
        skip(*std::move(event));
        break;
      }
      start(*std::move(event));
      take_ended(Clock::now());
    }
    while (!is_stopped()) {
      auto event = value_or_throw(source_.next());
      if (!event) return;
      skip(*std::move(event));
    }
  }

  // False if the event is not to be sent any more.
  bool wait_for_turn(Clock::time_point moment) {
    while (!is_over()) {
      const bool has_room =
          under_way_ < options_.concurrency && open_.size() < 2 * options_.concurrency;
      if (has_room && Clock::now() >= moment) return true;
      if (under_way_ > 0) target_->settle();
      take_ended(has_room ? moment : Clock::now() + k_long);
    }
    return false;
  }

  void start(replay::Event event) {
    const std::uint64_t number = next_number_++;
    std::string reason = target_->reason_to_skip(event);
    if (!reason.empty()) {
      open_.emplace(number, Open{std::move(event), "", std::nullopt, std::move(reason)});
      show_ended();
      return;
    }
    std::string where = target_->check(event);
    const auto place =
        open_.emplace(number, Open{std::move(event), std::move(where), std::nullopt, ""}).first;
    ++under_way_;
    try {
      target_->send(number, place->second.event);
    } catch (...) {
      open_.erase(place);
      --under_way_;
      throw;
    }
  }

  void skip(replay::Event event) {
    if (is_stopped()) return;
    open_.emplace(next_number_++,
                  Open{std::move(event), "", std::nullopt, "an event before it failed"});
    show_ended();
  }

  void take_ended(Clock::time_point deadline) {
    for (auto& end : mailbox_.take(deadline, context_.stop())) {
      --under_way_;
      open_.at(end.number).end = std::move(end);
    }
    show_ended();
  }

  // After a stop, or what else ended it: what is under way ends.
  void drain() {
    if (is_stopped()) target_->end_retries();
    while (under_way_ > 0) {
      target_->settle();
      // A stop is no reason not to wait: it makes the end come sooner.
      const bool was_stopped = is_stopped();
      for (auto& end : mailbox_.take(Clock::now() + k_long,
                                     was_stopped ? std::stop_token() : context_.stop())) {
        --under_way_;
        open_.at(end.number).end = std::move(end);
      }
      if (!was_stopped && is_stopped()) target_->end_retries();
      show_ended();
    }
  }

  // In the captures' order.
  void show_ended() {
    while (!open_.empty() && open_.begin()->second.is_ended()) {
      const auto node = open_.extract(open_.begin());
      show(node.mapped());
    }
  }

  void show(const Open& open) {
    if (open.end && open.end->is_aborted) return;
    const bool was_sent = open.end.has_value();
    const auto result = was_sent ? replay::judge(open.event, open.end->answer, expected_)
                                 : replay::skipped(open.event, open.skipped);
    totals_.count(result.outcome);
    const bool is_bad = result.outcome == Outcome::Failed || result.outcome == Outcome::Error;
    if (result.outcome == Outcome::Error && !first_error_) {
      first_error_ = Error{open.end->answer.kind,
                           fmt::format("{}: {}", open.where, open.end->answer.error), ""};
    }
    if (was_sent) ++sent_;
    if (is_bad) ++bad_;
    if (const auto updates = updates_.find(open.event.file);
        updates != updates_.end() && was_sent && open.end->answer.status != 0) {
      const auto added = updates->second.add(open.event, open.end->answer);
      if (!added && !failure_) failure_ = added.error();
    }
    if (is_rehearsal()) return;
    report_->add(result);
    if (was_sent) output_.show(result, *open.end, open.where);
    if (is_bad) {
      progress_.clear();
      output_.show_failure(result);
    }
    // The lines on a terminal are progress enough.
    if (!context_.streams.out_is_terminal) progress_.show(totals_.all());
  }

  void warn(const std::string& warning) {
    progress_.clear();
    renderer_.warning(warning);
  }

  void conclude() {
    progress_.clear();
    auto reported = report_ ? report_->finish(totals_) : Result<void>();
    if (!options_.print) tell_summary();
    if (is_stopped()) return;
    if (failure_) throw CommandError(*failure_);
    value_or_throw(std::move(reported));
    check_totals();
  }

  void tell_summary() {
    if (options_.dry_run) {
      output_.plan(totals_);
    } else {
      output_.summary(totals_);
    }
  }

  void check_totals() const {
    const auto& t = totals_;
    if (sent_ == 0 && !options_.allow_empty) {
      throw CommandError({ErrorKind::CheckFailed,
                          t.skipped == 0
                              ? "no event was selected"
                              : fmt::format("all {} selected events were skipped", t.skipped),
                          "--allow-empty if that is as it should be"});
    }
    if (t.failed + t.errors == 0) return;
    if (first_error_ && t.errors == sent_) throw CommandError(*first_error_);
    if (bad_ == 0 && watch_ && watch_->lacks_messages_only()) {
      throw CommandError({ErrorKind::Timeout,
                          fmt::format("{} expected message{} did not come on \"{}\" within "
                                      "--timeout {}",
                                      t.failed, t.failed == 1 ? "" : "s",
                                      printable(options_.expect_topic), options_.timeout),
                          ""});
    }
    const std::uint64_t all = t.all() - t.skipped;
    throw CommandError(
        {ErrorKind::CheckFailed,
         fmt::format("{} of {} case{} failed", t.failed + t.errors, all, all == 1 ? "" : "s"), ""});
  }

  const ReplayOptions& options_;
  Context& context_;
  Renderer renderer_;
  std::unique_ptr<replay::Report> report_;
  ReplayOutput output_;
  Progress progress_;
  const replay::Expectations expected_;
  replay::Source source_;
  std::map<std::string, replay::AnswerUpdates> updates_;  // By file.
  std::unique_ptr<TopicWatch> watch_;

  std::map<std::uint64_t, Open> open_;  // By number, which is the captures' order.
  std::uint64_t next_number_ = 0;
  std::size_t under_way_ = 0;
  replay::Totals totals_;
  std::uint64_t sent_ = 0;            // Events.
  std::uint64_t bad_ = 0;             // Of these.
  std::optional<Error> first_error_;  // Why the first event that was not answered was not.
  std::optional<Error> failure_;      // Why the rest was not replayed.

  ReplayMailbox mailbox_;
  std::unique_ptr<ReplayTarget> target_;  // Last: it writes to the mailbox until it is gone.
};

}  // namespace

void run_replay(const ReplayOptions& options, Context& context) {
  Replaying(options, context).run();
}

}  // namespace topicloop::cli
