// SPDX-License-Identifier: Apache-2.0
#include "cli/signing_secret.hpp"

#include "base/stop.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::cli {

namespace {

// It may answer the next time.
bool is_passing(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Unavailable:
    case ErrorKind::DeadlineExceeded:
    case ErrorKind::LimitExceeded:
    case ErrorKind::ServiceFailed:
    case ErrorKind::Cancelled:
      return true;
    default:
      return false;
  }
}

}  // namespace

SigningSecret::SigningSecret(std::string_view secret)
    : signer_(std::make_shared<const webhook::Signer>(secret)) {}

SigningSecret::SigningSecret(std::string_view secret, Source source)
    : source_(std::move(source)),
      secret_(secret),
      signer_(std::make_shared<const webhook::Signer>(secret)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

SigningSecret::~SigningSecret() = default;

SigningSecret::SharedSigner SigningSecret::signer() const {
  const std::lock_guard lock(mutex_);
  return signer_;
}

std::uint64_t SigningSecret::ask_again() {
  const std::lock_guard lock(mutex_);
  wanted_ = put_ + 1;
  asked_.notify_all();
  return wanted_;
}

bool SigningSecret::is_answered(std::uint64_t question) const {
  const std::lock_guard lock(mutex_);
  return question <= answered_;
}

bool SigningSecret::may_be_ahead() const {
  const std::lock_guard lock(mutex_);
  return changed_at_ && std::chrono::steady_clock::now() - *changed_at_ < source_.grace;
}

void SigningSecret::run(const std::stop_token& stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (!asked_.wait(lock, stop, [this] { return wanted_ > answered_; })) return;
    }
    const auto next = std::chrono::steady_clock::now() + source_.least_between;
    if (put_question(stop)) source_.on_answer();
    if (wait_for_stop_until(stop, next)) return;
  }
}

bool SigningSecret::put_question(const std::stop_token& stop) {
  std::uint64_t question = 0;
  {
    const std::lock_guard lock(mutex_);
    question = ++put_;
  }
  const auto answer = source_.ask(stop);
  if (stop.stop_requested() || !take(answer)) return false;
  const std::lock_guard lock(mutex_);
  answered_ = question;
  return true;
}

bool SigningSecret::take(const Result<std::string>& answer) {
  if (!answer) {
    const bool again = is_passing(answer.error().kind);
    std::string trouble = answer.error().message + (again ? "; trying again" : "");
    if (trouble != trouble_) source_.on_news(trouble);
    trouble_ = std::move(trouble);
    return !again;
  }
  if (!std::exchange(trouble_, "").empty()) source_.on_news("the service answers again");
  if (*answer == secret_) return true;
  secret_ = *answer;
  auto signer = std::make_shared<const webhook::Signer>(secret_);
  {
    const std::lock_guard lock(mutex_);
    signer_ = std::move(signer);
    changed_at_ = std::chrono::steady_clock::now();
  }
  source_.on_news("it was rotated; what was refused is signed anew");
  return true;
}

}  // namespace topicloop::cli
