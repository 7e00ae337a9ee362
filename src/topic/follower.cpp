// SPDX-License-Identifier: Apache-2.0
#include "topic/follower.hpp"

#include "base/stop.hpp"

#include <utility>

namespace topicloop::topic {

namespace {

bool is_final(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::NotFound:
    case ErrorKind::PermissionDenied:
    case ErrorKind::Unauthenticated:
    case ErrorKind::Cancelled:
      return true;
    default:
      return false;
  }
}

}  // namespace

Follower::Follower(Client client, std::string cache, std::string topic, Resume resume,
                   Subscription subscription)
    : client_(std::move(client)),
      cache_(std::move(cache)),
      topic_(std::move(topic)),
      resume_(std::move(resume)),
      subscription_(std::move(subscription)),
      position_(resume_.point()) {}

Result<Follower> Follower::open(Client client, const std::string& cache, const std::string& topic,
                                const model::ResumePoint& start, std::stop_token stop) {
  auto subscription = client.subscribe(cache, topic, start, std::move(stop));
  if (!subscription) return std::move(subscription).error();
  Resume resume(cache, topic, start);
  if (const auto begin = subscription->begin()) resume.begin_at(*begin);
  return Follower(std::move(client), cache, topic, std::move(resume), *std::move(subscription));
}

Result<std::optional<FollowerEvent>> Follower::next(std::stop_token stop, Deadline deadline) {
  while (waiting_.empty()) {
    if (!subscription_) {
      auto begun = take_up_again(stop, deadline);
      if (!begun) return std::move(begun).error();
      if (!*begun) return std::optional<FollowerEvent>();
      continue;
    }
    auto event = subscription_->next(stop, deadline);
    if (event) {
      if (!*event) return std::optional<FollowerEvent>();
      take(**std::move(event));
      continue;
    }
    if (stop.stop_requested() || is_final(event.error().kind)) return std::move(event).error();
    subscription_.reset();
    next_attempt_ = Deadline::clock::now() + next_wait();
    waiting_.push_back({Interrupted{std::move(event).error()}, resume_.point()});
  }
  std::optional<FollowerEvent> event = std::move(waiting_.front().event);
  position_ = waiting_.front().position;
  waiting_.pop_front();
  return event;
}

void Follower::take(model::SubscriptionEvent event) {
  // A service that dies after every first heartbeat is to be tried ever more rarely.
  if (std::exchange(is_proven_, true)) backoff_.reset();
  const model::ResumePoint before = resume_.point();
  Meaning meaning = resume_.take(std::move(event));
  const model::ResumePoint after = resume_.point();
  // Whoever was told of a gap but not yet of the message that follows still has to ask for that.
  if (meaning.gap) waiting_.push_back({*std::move(meaning.gap), meaning.event ? before : after});
  if (!meaning.event) return;
  std::visit([&](auto& part) { waiting_.push_back({std::move(part), after}); }, *meaning.event);
}

// False if the deadline passed first.
Result<bool> Follower::take_up_again(const std::stop_token& stop, Deadline deadline) {
  while (next_attempt_ <= deadline) {
    if (wait_for_stop_until(stop, next_attempt_)) return Error{ErrorKind::Cancelled, "stopped", ""};
    auto subscription = client_.subscribe(cache_, topic_, resume_.point(), stop);
    if (subscription) {
      subscription_ = *std::move(subscription);
      is_proven_ = false;
      was_cancelled_ = false;
      auto unknown = resume_.resumed();
      if (const auto begin = subscription_->begin()) resume_.begin_at(*begin);
      waiting_.push_back({Resumed{}, resume_.point()});
      if (unknown) waiting_.push_back({*std::move(unknown), resume_.point()});
      return true;
    }
    // A service that is going down cancels calls it has not looked at; one that means it does so
    // again.
    const bool may_pass = subscription.error().kind == ErrorKind::Cancelled && !was_cancelled_;
    was_cancelled_ = subscription.error().kind == ErrorKind::Cancelled;
    if (stop.stop_requested() || (is_final(subscription.error().kind) && !may_pass)) {
      return std::move(subscription).error();
    }
    next_attempt_ = Deadline::clock::now() + next_wait();
  }
  if (wait_for_stop_until(stop, deadline)) return Error{ErrorKind::Cancelled, "stopped", ""};
  return false;
}

std::chrono::milliseconds Follower::next_wait() {
  return backoff_.next(std::uniform_real_distribution<>(0, 1)(random_));
}

}  // namespace topicloop::topic
