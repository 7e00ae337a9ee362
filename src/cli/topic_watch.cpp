// SPDX-License-Identifier: Apache-2.0
#include "cli/topic_watch.hpp"

#include "cli/duration.hpp"
#include "cli/following.hpp"
#include "cli/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;
using replay::CaseResult;

std::vector<replay::FileMessage> expected_in(const TopicWatchOptions& options,
                                             const std::stop_token& stop) {
  if (options.update) return {};
  return value_or_throw(replay::read_messages(options.file, stop));
}

}  // namespace

struct TopicWatch::Impl {
  Impl(TopicWatchOptions given, const ConnectionFlags& connection, const Context& context,
       OnWarning warn)
      : options(std::move(given)),
        on_warning(std::move(warn)),
        stop(context.stop()),
        expectations({.topic = options.topic,
                      .file = options.file,
                      .is_ordered = options.is_ordered,
                      .ignored = options.ignored},
                     expected_in(options, context.stop())),
        follower(
            open_follower(connect(connection, context), cache_name(connection), options.topic, {},
                          Clock::now() + value_or_throw(parse_duration(connection.connect_timeout)),
                          context.stop())),
        thread([this](const std::stop_token& ending) { follow(ending); }) {}

  void follow(const std::stop_token& ending) {
    while (true) {
      auto next = follower.next(ending);
      if (ending.stop_requested()) return;
      const std::lock_guard lock(mutex);
      if (!next) {
        failure = next.error();
        changed.notify_all();
        return;
      }
      if (auto* message = std::get_if<model::Message>(&**next)) take(std::move(*message));
      if (std::holds_alternative<model::Gap>(**next)) {
        on_warning(fmt::format("messages on \"{}\" were lost", printable(options.topic)));
      }
    }
  }

  // With the mutex held.
  void take(model::Message message) {
    last_at = Clock::now();
    if (options.update) {
      received.push_back(std::move(message));
    } else {
      expectations.take(message);
    }
    changed.notify_all();
  }

  bool is_over() const { return failure || (!options.update && expectations.is_complete()); }

  const TopicWatchOptions options;
  const OnWarning on_warning;
  const std::stop_token stop;

  mutable std::mutex mutex;  // Guards what follows, to `failure`.
  std::condition_variable_any changed;
  replay::MessageExpectations expectations;
  std::vector<model::Message> received;  // To become the expected ones.
  Clock::time_point last_at = Clock::now();
  std::optional<Error> failure;
  bool has_other_failures = false;

  topic::Follower follower;  // The thread's.
  std::jthread thread;
};

TopicWatch::TopicWatch(TopicWatchOptions options, const ConnectionFlags& connection,
                       const Context& context, OnWarning on_warning)
    : impl_(
          std::make_unique<Impl>(std::move(options), connection, context, std::move(on_warning))) {}

TopicWatch::~TopicWatch() = default;

void TopicWatch::wait() {
  std::unique_lock lock(impl_->mutex);
  auto begin = Clock::now();
  while (!impl_->is_over() && !impl_->stop.stop_requested()) {
    // After the last event was sent, or the last message came.
    const auto deadline = std::max(begin, impl_->last_at) + impl_->options.timeout;
    if (Clock::now() >= deadline) return;
    const auto last_at = impl_->last_at;
    impl_->changed.wait_until(lock, impl_->stop, deadline,
                              [&] { return impl_->is_over() || impl_->last_at != last_at; });
  }
}

std::vector<CaseResult> TopicWatch::conclude() {
  impl_->thread.request_stop();
  impl_->thread.join();
  if (impl_->failure) throw CommandError(*impl_->failure);
  if (impl_->options.update) {
    value_or_throw(replay::write_messages(impl_->options.file, impl_->received));
    return {};
  }
  const std::string waited = fmt::format("within {}", format_duration(impl_->options.timeout));
  auto results = impl_->expectations.conclude(waited);
  const auto bad = std::count_if(results.begin(), results.end(), [](const CaseResult& result) {
    return result.outcome == CaseResult::Outcome::Failed;
  });
  impl_->has_other_failures = static_cast<std::size_t>(bad) != impl_->expectations.missing();
  return results;
}

bool TopicWatch::lacks_messages_only() const {
  return impl_->expectations.missing() > 0 && !impl_->has_other_failures;
}

}  // namespace topicloop::cli
