// SPDX-License-Identifier: Apache-2.0
// The secret that `forward` signs with: one for good, or that of a webhook, which may be rotated.
//
// Whether a signature was refused because of a rotation only the service can tell. It is asked on a
// thread of its own, one question for all that were refused until it is put, and not more often
// than the hosted service likes; an endpoint that refuses everything is no flood of questions.
// A service that is away is asked until it answers. Thread-safe.
#pragma once

#include "base/error.hpp"
#include "webhook/signature.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace topicloop::cli {

class SigningSecret {
public:
  using SharedSigner = std::shared_ptr<const webhook::Signer>;

  struct Source {
    // The secret in force.
    std::function<Result<std::string>(const std::stop_token&)> ask;
    // A question is answered.
    std::function<void()> on_answer;
    // Something worth telling has happened.
    std::function<void(const std::string&)> on_news;
    std::chrono::milliseconds least_between{1'000};  // Two questions.
    std::chrono::milliseconds grace{30'000};         // See may_be_ahead().
  };

  // For good.
  explicit SigningSecret(std::string_view secret);
  // Neither hook may call back.
  SigningSecret(std::string_view secret, Source source);
  SigningSecret(const SigningSecret&) = delete;
  SigningSecret& operator=(const SigningSecret&) = delete;
  ~SigningSecret();

  // Another one after the secret has changed.
  SharedSigner signer() const;
  bool may_change() const { return static_cast<bool>(source_.ask); }

  // The number of the question that will be put after this call: once it is answered, signer() is
  // what was in force then.
  std::uint64_t ask_again();
  bool is_answered(std::uint64_t question) const;
  // The secret changed so short a time ago that an endpoint may not have it yet: where there are
  // several, the first one that has it is how we come to know.
  bool may_be_ahead() const;

private:
  void run(const std::stop_token& stop);
  // False if it must be put again.
  bool put_question(const std::stop_token& stop);
  bool take(const Result<std::string>& answer);

  const Source source_;
  std::string secret_;   // The thread's own.
  std::string trouble_;  // Likewise: what was told last, and is not over.

  mutable std::mutex mutex_;  // Guards what follows.
  std::condition_variable_any asked_;
  SharedSigner signer_;
  std::optional<std::chrono::steady_clock::time_point> changed_at_;
  std::uint64_t wanted_ = 0;    // The last question that somebody waits for.
  std::uint64_t put_ = 0;       // The last one that was put, answered or not.
  std::uint64_t answered_ = 0;  // The last one that was answered.
  std::jthread thread_;         // Last: it uses all of the above.
};

}  // namespace topicloop::cli
