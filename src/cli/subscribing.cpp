// SPDX-License-Identifier: Apache-2.0
#include "cli/subscribing.hpp"

#include "base/stop.hpp"
#include "cli/duration.hpp"
#include "cli/following.hpp"
#include "cli/render.hpp"
#include "cli/resume_file.hpp"
#include "topic/follower.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

std::unique_ptr<const RE2> parse_match(const std::string& text) {
  if (text.empty()) return nullptr;
  auto expression = std::make_unique<const RE2>(text, RE2::Quiet);
  if (!expression->ok()) {
    throw CommandError(
        {ErrorKind::Usage, fmt::format("--match {}: {}", text, expression->error()), ""});
  }
  return expression;
}

// How long from now; nothing if no duration was given.
std::optional<std::chrono::milliseconds> parse_limit(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return value_or_throw(parse_duration(text));
}

class Subscribing {
public:
  Subscribing(const SubscribeOptions& options, Context& context)
      : options_(options),
        context_(context),
        from_(parse_from(options.from)),
        match_(parse_match(options.match)),
        timeout_(parse_limit(options.timeout)),
        idle_timeout_(parse_limit(options.idle_timeout)),
        cache_(cache_name(options.connection)),
        capture_(open_capture(options.capture)),
        renderer_(context, options.output) {
    if (!options.resume_file.empty()) {
      resume_file_.emplace(value_or_throw(ResumeFile::open(options.resume_file, context.stop())));
    }
  }

  void run() {
    const auto begin = Clock::now();
    auto followers = open_followers(begin);
    const auto plain = fmt::format("{}", fmt::join(options_.topics, ", "));
    renderer_.ready("subscribed to", fmt::format("{}", fmt::join(quoted(options_.topics), ", ")),
                    "", {{"where", plain}, {"topics", options_.topics}});
    note_shown();
    {
      std::vector<std::jthread> threads;
      for (auto& follower : followers)
        threads.emplace_back([this, &follower] { follow(follower); });
      wait_for_end(begin);
      end_.request_stop();
    }
    if (failure_ && context_.interrupt.signal == 0) throw CommandError(*failure_);
  }

private:
  static std::vector<std::string> quoted(std::vector<std::string> names) {
    for (auto& name : names)
      name = fmt::format("\"{}\"", name);
    return names;
  }

  // Of opening.
  struct Patience {
    Clock::time_point give_up;  // No further attempt after it.
    std::stop_token stop;       // By the user, or because --timeout ran out.
  };

  std::vector<topic::Follower> open_followers(Clock::time_point begin) {
    ConnectionFlags connection = options_.connection;
    if (timeout_ && *timeout_ < value_or_throw(parse_duration(connection.connect_timeout))) {
      connection.connect_timeout = options_.timeout;
    }
    const auto give_up = Clock::now() + value_or_throw(parse_duration(connection.connect_timeout));
    const auto client = connect(connection, context_);
    // --timeout may run out before a first message comes.
    std::stop_source stop;
    const std::stop_callback on_stop(context_.stop(), [&] { stop.request_stop(); });
    const std::jthread timer([&](const std::stop_token& opened) {
      if (timeout_ && !wait_for_stop_until(opened, begin + *timeout_)) stop.request_stop();
    });
    std::vector<topic::Follower> followers;
    for (const auto& name : options_.topics) {
      const auto known = resume_file_ ? resume_file_->position(cache_, name) : std::nullopt;
      followers.push_back(
          open_one(client, name, known.value_or(from_), {give_up, stop.get_token()}));
      // Or a topic on which nothing comes in this run would begin anywhere in the next.
      if (!known) note_position(followers.back());
    }
    return followers;
  }

  topic::Follower open_one(const topic::Client& client, const std::string& name,
                           const model::ResumePoint& start, const Patience& patience) const {
    const auto& [give_up, stop] = patience;
    try {
      return open_follower(client, cache_, name, start, give_up, stop);
    } catch (const CommandError&) {
      if (!stop.stop_requested() || context_.stop().stop_requested()) throw;
      throw CommandError(ran_out("--timeout", options_.timeout));
    }
  }

  // Of the message that comes next, unless what came before could not be shown. A service that does
  // not tell is asked in vain.
  void note_position(const topic::Follower& follower) {
    const auto& next = follower.position();
    if (!resume_file_ || !context_.streams.out || next.sequence_number == 0) return;
    value_or_throw(resume_file_->set(cache_, follower.topic(), next));
  }

  // Runs on the topic's own thread. What it throws ends the command as it would on any other.
  void follow(topic::Follower& follower) {
    while (true) {
      auto next = follower.next(end_.get_token());
      const std::lock_guard one_at_a_time(showing_);
      if (end_.stop_requested()) return;
      if (!next) return fail(next.error());
      try {
        std::visit([&](const auto& event) { show(follower, event); }, **next);
      } catch (const CommandError& error) {
        return fail(error.error());
      }
      if (end_.stop_requested()) return;
    }
  }

  void fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = error;
    end_.request_stop();
  }

  // Before it is shown and its position noted: what somebody has seen is in the capture.
  template <typename Content>
  void keep(const Content& content) {
    if (capture_) value_or_throw(capture_->write(capture::record_now(content)));
  }

  // The number of messages shown so far.
  std::uint64_t note_shown(std::uint64_t more = 0) {
    const std::lock_guard lock(mutex_);
    last_shown_ = Clock::now();
    return shown_ += more;
  }

  void show(const topic::Follower& follower, const model::Message& message) {
    if (!match_ || RE2::PartialMatch(message.value.bytes, *match_)) {
      keep(message);
      renderer_.message(message);
      // Gaps, heartbeats and messages that do not match do not use up --count.
      if (note_shown(1) == options_.count) end_.request_stop();
    }
    note_position(follower);
  }

  // Noted too, so that no later run tells of the same gap again.
  void show(const topic::Follower& follower, const model::Gap& gap) {
    keep(gap);
    renderer_.gap(gap);
    note_position(follower);
    if (!options_.fail_on_gap) return;
    throw CommandError({ErrorKind::GapSeen,
                        fmt::format("a gap on \"{}\", and --fail-on-gap is set", gap.topic), ""});
  }

  void show(const topic::Follower& follower, const model::Heartbeat&) {
    const auto& wanted = options_.show;
    if (std::find(wanted.begin(), wanted.end(), "heartbeats") != wanted.end()) {
      renderer_.heartbeat(cache_, follower.topic());
    }
  }

  void show(const topic::Follower&, const topic::Interrupted& interrupted) {
    // Said once for all topics, as one service is behind them.
    if (interrupted_++ == 0) {
      renderer_.warning(fmt::format("{}; trying again", interrupted.reason.message));
    }
  }

  void show(const topic::Follower&, const topic::Resumed&) {
    if (--interrupted_ == 0) renderer_.warning("subscribed again");
  }

  // Returns once the count is reached, a topic failed, the user stopped or a time ran out.
  void wait_for_end(Clock::time_point begin) {
    std::unique_lock lock(mutex_);
    while (!end_.stop_requested()) {
      const auto deadline = timeout_ ? begin + *timeout_ : Clock::time_point::max();
      const auto idle = idle_timeout_ ? last_shown_ + *idle_timeout_ : Clock::time_point::max();
      const auto now = Clock::now();
      if (now >= deadline) return run_out("--timeout", options_.timeout);
      if (now >= idle) return run_out("--idle-timeout", options_.idle_timeout);
      changed_.wait_until(lock, end_.get_token(), std::min(deadline, idle), [] { return false; });
    }
  }

  void run_out(std::string_view flag, const std::string& value) {
    failure_ = ran_out(flag, value);
    end_.request_stop();
    // Or a reader of our output that takes nothing would hold us up.
    context_.interrupt.source.request_stop();
  }

  Error ran_out(std::string_view flag, const std::string& value) const {
    return {ErrorKind::Timeout,
            fmt::format("{} {} ran out after {} {}", flag, value, shown_,
                        shown_ == 1 ? "message" : "messages"),
            ""};
  }

  const SubscribeOptions& options_;
  Context& context_;
  const model::ResumePoint from_;
  const std::unique_ptr<const RE2> match_;
  const std::optional<std::chrono::milliseconds> timeout_;
  const std::optional<std::chrono::milliseconds> idle_timeout_;
  const std::string cache_;
  std::optional<capture::Writer> capture_;
  Renderer renderer_;

  std::stop_source end_;
  std::stop_callback<std::function<void()>> stopped_{context_.stop(),
                                                     [this] { end_.request_stop(); }};

  // Held while an event is shown, which may take as long as a reader of our output likes. Guards
  // what follows. Taken before mutex_.
  std::mutex showing_;
  std::optional<ResumeFile> resume_file_;
  std::size_t interrupted_ = 0;  // Topics whose stream is broken.

  std::mutex mutex_;  // Guards what follows; never held for long.
  std::condition_variable_any changed_;
  std::optional<Error> failure_;
  std::uint64_t shown_ = 0;
  Clock::time_point last_shown_;
};

}  // namespace

void run_subscribe(const SubscribeOptions& options, Context& context) {
  Subscribing(options, context).run();
}

}  // namespace topicloop::cli
