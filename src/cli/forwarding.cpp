// SPDX-License-Identifier: Apache-2.0
#include "cli/forwarding.hpp"

#include "cli/dead_letters.hpp"
#include "cli/duration.hpp"
#include "cli/following.hpp"
#include "cli/forward_target.hpp"
#include "cli/render.hpp"
#include "cli/resume_file.hpp"
#include "cli/webhook_secrets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;
using webhook::DeliveryOutcome;
using webhook::DeliveryWindow;
using webhook::HeldMessage;

SystemTime now() {
  return std::chrono::system_clock::now();
}

std::vector<ForwardTarget> endpoints_of(const ForwardOptions& options) {
  std::vector<ForwardTarget> endpoints;
  for (const auto& url : options.urls)
    endpoints.push_back({.url = url, .is_lambda = false});
  for (const auto& url : options.lambdas)
    endpoints.push_back({.url = url, .is_lambda = true});
  return endpoints;
}

DeliveryWindow::Options window_options(const ForwardOptions& options,
                                       const std::vector<ForwardTarget>& endpoints) {
  DeliveryWindow::Options window{.concurrency = {}, .ordered = options.ordered};
  for (const auto& endpoint : endpoints) {
    // A Lambda emulator runs one invocation at a time and refuses others.
    window.concurrency.push_back(endpoint.is_lambda ? 1 : options.concurrency);
  }
  return window;
}

webhook::RetryPolicy retry_policy(const ForwardOptions& options) {
  webhook::RetryPolicy policy{.retries = options.retry};
  if (!options.retry_max_time.empty()) {
    policy.max_time = value_or_throw(parse_duration(options.retry_max_time));
  }
  return policy;
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const auto& name : names)
    quoted.push_back(fmt::format("\"{}\"", name));
  return fmt::format("{}", fmt::join(quoted, ", "));
}

struct Counts {
  std::uint64_t received = 0;
  std::uint64_t delivered = 0;
  std::uint64_t retries = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t failed = 0;
  std::uint64_t gaps = 0;
};

class Forwarding {
public:
  Forwarding(const ForwardOptions& options, Context& context)
      : options_(options),
        context_(context),
        from_(parse_from(options.from)),
        policy_(retry_policy(options)),
        timeout_(value_or_throw(parse_duration(options.timeout))),
        cache_(cache_name(options.connection)),
        endpoints_(endpoints_of(options)),
        health_(endpoints_.size()),
        renderer_(context, options.output),
        window_(window_options(options, endpoints_), options.topics.size()) {
    if (!options.resume_file.empty()) {
      resume_file_.emplace(value_or_throw(ResumeFile::open(options.resume_file, context.stop())));
    }
    if (!options.dead_letter.empty()) {
      dead_letters_.emplace(value_or_throw(DeadLetters::open(options.dead_letter)));
    }
  }

  void run() {
    const auto give_up =
        Clock::now() + value_or_throw(parse_duration(options_.connection.connect_timeout));
    if (options_.webhook.empty()) signer_.emplace(given_secret());
    const auto client = connect(options_.connection, context_);
    if (!signer_) {
      signer_.emplace(
          value_or_throw(client.webhook_secret({cache_, options_.webhook}, context_.stop())));
    }
    auto followers = open_followers(client, give_up);
    tell_ready();
    {
      std::vector<std::jthread> threads;
      for (std::size_t topic = 0; topic < followers.size(); ++topic)
        threads.emplace_back([this, topic, &follower = followers[topic]] {
          follow(topic, follower);
          const std::lock_guard lock(mutex_);
          ++followers_ended_;
          wake_up();
        });
      deliver_all();
      intake_.request_stop();
    }
    engine_.reset();
    conclude();
  }

private:
  // One attempt, as it is shown. Written by the engine's thread before it tells of it.
  struct Attempt {
    std::string id;
    SystemTime fired_at;
  };

  struct Begun {
    DeliveryWindow::Turn turn;
    Attempt attempt;
  };

  struct Ended {
    DeliveryWindow::Turn turn;
    Attempt attempt;
    DeliveryOutcome outcome;
    SystemTime at;
  };

  using Event = std::variant<Begun, Ended>;

  std::string given_secret() const {
    std::vector<std::string> files;
    if (!options_.secret_file.empty()) files.push_back(options_.secret_file);
    const auto secrets = given_secrets(files, context_.stop());
    if (!secrets.empty()) return secrets.front();
    throw CommandError({ErrorKind::Usage, "no secret to sign the requests with",
                        "give --secret-file FILE, TOPICLOOP_WEBHOOK_SECRET or --webhook NAME; "
                        "`openssl rand -hex 32` makes a secret"});
  }

  std::vector<topic::Follower> open_followers(const topic::Client& client,
                                              Clock::time_point give_up) {
    std::vector<topic::Follower> followers;
    for (const auto& name : options_.topics) {
      const auto known = resume_file_ ? resume_file_->position(cache_, name) : std::nullopt;
      followers.push_back(
          open_follower(client, cache_, name, known.value_or(from_), give_up, context_.stop()));
      // Or a topic on which nothing is delivered in this run would begin anywhere in the next.
      if (!known) note_position(name, followers.back().position());
    }
    return followers;
  }

  void note_position(const std::string& topic, const model::ResumePoint& next) {
    if (!resume_file_ || next.sequence_number == 0) return;
    value_or_throw(resume_file_->set(cache_, topic, next));
  }

  void tell_ready() {
    std::vector<std::string> urls;
    for (const auto& endpoint : endpoints_)
      urls.push_back(endpoint.name());
    const auto to = fmt::format("{}", fmt::join(urls, ", "));
    renderer_.ready("forwarding", fmt::format("{} to {}", quoted_list(options_.topics), to), "",
                    {{"where", to}, {"topics", options_.topics}});
  }

  // Runs on the topic's own thread.
  void follow(std::size_t topic, topic::Follower& follower) {
    while (true) {
      auto next = follower.next(intake_.get_token());
      if (intake_.stop_requested()) return;
      if (!next) {
        const std::lock_guard lock(mutex_);
        // What was received before is still delivered.
        if (!failure_) failure_ = next.error();
        intake_.request_stop();
        return;
      }
      std::visit([&](auto& event) { take(topic, event); }, **next);
      if (std::holds_alternative<model::Gap>(**next)) skip_to(topic, follower.position());
    }
  }

  // So that no later run tells of the same gap again.
  void skip_to(std::size_t topic, const model::ResumePoint& next) {
    if (next.sequence_number == 0) return;
    const std::lock_guard lock(mutex_);
    window_.skip(topic, next);
    wake_up();
  }

  void take(std::size_t topic, model::Message& message) {
    HeldMessage held{std::move(message), now()};
    std::unique_lock lock(mutex_);
    // Not reading on is what slows the stream down.
    room_.wait(lock, intake_.get_token(), [&] { return window_.has_room(topic); });
    if (intake_.stop_requested()) return;
    window_.take(topic, std::move(held));
    if (++counts_.received == options_.count) intake_.request_stop();
    wake_up();
  }

  void take(std::size_t, const model::Gap& gap) {
    renderer_.gap(gap);
    const std::lock_guard lock(mutex_);
    ++counts_.gaps;
  }

  void take(std::size_t, const model::Heartbeat&) {}

  // Said once for all topics, as one service is behind them.
  void take(std::size_t, const topic::Interrupted& interrupted) {
    if (interrupted_++ == 0) {
      renderer_.warning(fmt::format("{}; trying again", interrupted.reason.message));
    }
  }

  void take(std::size_t, const topic::Resumed&) {
    if (--interrupted_ == 0) renderer_.warning("subscribed again");
  }

  // With the mutex held.
  void wake_up() {
    is_woken_ = true;
    woken_.notify_all();
  }

  // Returns once everything is delivered and nothing more will come, or after a stop, which lets
  // attempts under way end. What goes wrong here is the command's failure.
  void deliver_all() {
    try {
      while (step()) {
      }
    } catch (const CommandError& error) {
      const std::lock_guard lock(mutex_);
      failure_ = error.error();
    }
  }

  // False once all is over.
  bool step() {
    std::vector<Event> events;
    std::vector<DeliveryWindow::Turn> turns;
    bool is_stopping = false;
    {
      std::unique_lock lock(mutex_);
      woken_.wait(lock, [this] { return is_woken_ || is_over(); });
      if (is_over()) return false;
      is_woken_ = false;
      events = std::exchange(events_, {});
      is_stopping = is_stopping_;
      while (auto turn = is_stopping ? std::nullopt : window_.next())
        turns.push_back(*std::move(turn));
    }
    if (is_stopping) engine_->end_retries();
    for (const auto& turn : turns)
      begin(turn);
    show_and_settle(events);
    return true;
  }

  bool is_over() const {
    const bool nothing_to_come = followers_ended_ == options_.topics.size() && window_.open() == 0;
    return events_.empty() && under_way_ == 0 && (is_stopping_ || nothing_to_come);
  }

  void begin(const DeliveryWindow::Turn& turn) {
    ++under_way_;
    const ForwardTarget& endpoint = endpoints_[turn.endpoint];
    auto attempt = std::make_shared<Attempt>();
    webhook::Delivery delivery{.make_request = {}, .timeout = timeout_, .retry = policy_};
    endpoint.adapt(delivery);
    delivery.make_request = [this, turn, attempt, &endpoint] {
      attempt->fired_at = now();
      auto request = endpoint.request(*turn.held, attempt->fired_at, *signer_);
      attempt->id = request.id;
      add(Begun{turn, *attempt});
      return request;
    };
    engine_->submit(std::move(delivery), [this, turn, attempt](DeliveryOutcome outcome) {
      add(Ended{turn, *attempt, std::move(outcome), now()});
    });
  }

  // Runs on the engine's thread. Bounded by what is under way.
  void add(Event event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    wake_up();
  }

  // What is settled is noted only after it was shown and, if it failed, written down.
  void show_and_settle(const std::vector<Event>& events) {
    std::vector<DeliveryWindow::Turn> settled;
    for (const auto& event : events) {
      if (const auto* begun = std::get_if<Begun>(&event)) {
        renderer_.delivery(sent(begun->turn, begun->attempt));
      } else if (const auto& ended = std::get<Ended>(event); end(ended)) {
        settled.push_back(ended.turn);
      }
    }
    std::vector<std::pair<std::size_t, model::ResumePoint>> advanced;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& turn : settled)
        window_.settle(turn);
      for (std::size_t topic = 0; topic < options_.topics.size(); ++topic) {
        if (const auto point = window_.advanced(topic)) advanced.emplace_back(topic, *point);
      }
      if (!settled.empty()) {
        room_.notify_all();
        wake_up();
      }
    }
    for (const auto& [topic, point] : advanced)
      note_position(options_.topics[topic], point);
  }

  broker::DeliverySent sent(const DeliveryWindow::Turn& turn, const Attempt& attempt) const {
    const auto& message = turn.held->message;
    return {{{message.cache, ""}, message.topic, endpoints_[turn.endpoint].name()},
            message.sequence_number,
            attempt.id,
            attempt.fired_at,
            turn.held->received_at};
  }

  // The end of an attempt; true if its delivery is settled with it.
  bool end(const Ended& ended) {
    const auto& [turn, attempt, outcome, at] = ended;
    const bool is_last = !outcome.retry_in;
    const bool is_settled = is_last && !outcome.aborted;
    if (is_last) --under_way_;
    if (outcome.aborted && outcome.status == 0) return false;  // Between two attempts.
    // Whoever reads that it was given up finds it in the file.
    const bool is_given_up = is_settled && !outcome.delivered();
    if (is_given_up) keep(ended);
    renderer_.delivery(broker::DeliveryFinished{sent(turn, attempt), outcome, at});
    tell_health(turn.endpoint, outcome);
    if (is_given_up) tell_given_up(ended);
    if (outcome.attempt > 1) ++counts_.retries;
    if (outcome.delivered()) ++counts_.delivered;
    if (is_given_up && resume_file_ && !dead_letters_) {
      end_before(turn);
      return false;
    }
    return is_settled;
  }

  // What neither an endpoint nor a file has is for the next run to begin with.
  void end_before(const DeliveryWindow::Turn& turn) {
    const auto& message = turn.held->message;
    const std::lock_guard lock(mutex_);
    if (!failure_) {
      failure_ = Error{ErrorKind::CheckFailed,
                       fmt::format("\"{}\" #{} was not delivered; the next run begins with it",
                                   printable(message.topic), message.sequence_number),
                       "--dead-letter FILE keeps what cannot be delivered, and forward goes on"};
    }
    is_stopping_ = true;
    intake_.request_stop();
    wake_up();
  }

  void tell_health(std::size_t number, const DeliveryOutcome& outcome) {
    const auto change = health_[number].take(outcome);
    if (!change) return;
    const std::string url = printable(endpoints_[number].name());
    if (*change == TargetHealth::Change::Fails) {
      renderer_.warning(fmt::format("{} fails: {}", url, reason(outcome)));
    } else {
      renderer_.warning(fmt::format("{} does well again", url));
    }
  }

  static std::string reason(const DeliveryOutcome& outcome) {
    if (outcome.status == 0) return printable(outcome.error);
    return fmt::format("status {}{}{}", outcome.status, outcome.error.empty() ? "" : ", ",
                       printable(outcome.error));
  }

  void keep(const Ended& ended) {
    if (!dead_letters_) {
      ++counts_.failed;
      return;
    }
    const auto& [turn, attempt, outcome, at] = ended;
    value_or_throw(dead_letters_->write(
        {.request = endpoints_[turn.endpoint].event_request(*turn.held, attempt.fired_at, *signer_),
         .fired_at = attempt.fired_at,
         .outcome = outcome}));
    ++counts_.dead_lettered;
  }

  void tell_given_up(const Ended& ended) {
    const auto& [turn, attempt, outcome, at] = ended;
    const auto& message = turn.held->message;
    renderer_.warning(fmt::format("\"{}\" #{} was not delivered to {} after {} {}: {}{}",
                                  printable(message.topic), message.sequence_number,
                                  printable(endpoints_[turn.endpoint].name()), outcome.attempt,
                                  outcome.attempt == 1 ? "attempt" : "attempts", reason(outcome),
                                  dead_letters_ ? "; it is a dead letter now" : ""));
  }

  void conclude() {
    const auto& c = counts_;
    const std::size_t open = window_.open();
    std::string text =
        fmt::format("forwarded: {} delivered, {} dead-lettered, {} failed, {} retried", c.delivered,
                    c.dead_lettered, c.failed, c.retries);
    if (c.gaps > 0) text += fmt::format("; gaps: {}", c.gaps);
    if (open > 0) text += fmt::format("; not yet delivered: {} of {} received", open, c.received);
    renderer_.summary(text, {{"received", c.received},
                             {"delivered", c.delivered},
                             {"dead_lettered", c.dead_lettered},
                             {"failed", c.failed},
                             {"retries", c.retries},
                             {"gaps", c.gaps},
                             {"open", open}});
    if (failure_) throw CommandError(*failure_);
    if (c.failed == 0) return;
    throw CommandError(
        {ErrorKind::CheckFailed,
         fmt::format("{} {} failed", c.failed, c.failed == 1 ? "delivery" : "deliveries"),
         "--dead-letter FILE keeps what cannot be delivered"});
  }

  const ForwardOptions& options_;
  Context& context_;
  const model::ResumePoint from_;
  const webhook::RetryPolicy policy_;
  const std::chrono::milliseconds timeout_;
  const std::string cache_;
  const std::vector<ForwardTarget> endpoints_;
  std::optional<webhook::Signer> signer_;

  // The command's own thread's.
  std::vector<TargetHealth> health_;
  std::optional<ResumeFile> resume_file_;
  std::optional<DeadLetters> dead_letters_;
  std::size_t under_way_ = 0;  // Deliveries.

  Renderer renderer_;
  std::stop_source intake_;                   // Stopped once nothing more is to be received.
  std::atomic<std::size_t> interrupted_ = 0;  // Topics whose stream is broken.

  std::mutex mutex_;  // Guards what follows.
  std::condition_variable woken_;
  std::condition_variable_any room_;
  DeliveryWindow window_;
  std::vector<Event> events_;
  Counts counts_;
  std::optional<Error> failure_;
  std::size_t followers_ended_ = 0;
  bool is_woken_ = true;
  bool is_stopping_ = false;

  std::stop_callback<std::function<void()>> stopped_{context_.stop(), [this] {
                                                       intake_.request_stop();
                                                       const std::lock_guard lock(mutex_);
                                                       is_stopping_ = true;
                                                       wake_up();
                                                     }};
  // Calls back into what is above.
  std::unique_ptr<webhook::DeliveryEngine> engine_ = std::make_unique<webhook::DeliveryEngine>();
};

}  // namespace

void run_forward(const ForwardOptions& options, Context& context) {
  Forwarding(options, context).run();
}

}  // namespace topicloop::cli
