// SPDX-License-Identifier: Apache-2.0
#include "cli/signing_secret.hpp"
#include "support/condition.hpp"
#include "support/eventually.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <future>

using namespace topicloop;
using namespace topicloop::cli;
using namespace topicloop::test;

namespace {

// A service that gives these answers, the last one for ever.
class Script {
public:
  explicit Script(std::deque<Result<std::string>> answers) : answers_(std::move(answers)) {}

  SigningSecret::Source source() {
    return {.ask = [this](const std::stop_token&) { return answer(); },
            .on_answer = [] {},
            .on_news =
                [this](const std::string& news) {
                  const std::lock_guard lock(mutex_);
                  news_.push_back(news);
                },
            .least_between = std::chrono::milliseconds(1)};
  }

  std::size_t asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  std::vector<std::string> news() const {
    const std::lock_guard lock(mutex_);
    return news_;
  }

private:
  Result<std::string> answer() {
    const std::lock_guard lock(mutex_);
    ++asked_;
    auto next = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return next;
  }

  mutable std::mutex mutex_;
  std::deque<Result<std::string>> answers_;
  std::size_t asked_ = 0;
  std::vector<std::string> news_;
};

void wait_for_answer(SigningSecret& secret) {
  const auto question = secret.ask_again();
  REQUIRE(eventually([&] { return secret.is_answered(question); }));
}

const Error k_away{ErrorKind::Unavailable, "nobody answers", ""};

}  // namespace

TEST_CASE("a secret that was given stays") {
  const SigningSecret secret("given");
  CHECK_FALSE(secret.may_change());
  CHECK(secret.signer()->sign("x") == webhook::Signer("given").sign("x"));
}

TEST_CASE("the signer is another one once the service's secret is another one") {
  Script script({{"first"}, {"second"}});
  SigningSecret secret("first", script.source());
  CHECK(secret.may_change());
  const auto before = secret.signer();
  wait_for_answer(secret);
  CHECK(secret.signer() == before);
  CHECK(script.news().empty());
  wait_for_answer(secret);
  CHECK(secret.signer() != before);
  CHECK(secret.signer()->sign("x") == webhook::Signer("second").sign("x"));
  REQUIRE(script.news().size() == 1);
  CHECK(script.news()[0].find("second") == std::string::npos);
}

TEST_CASE("an endpoint may not have a new secret yet for a while and has an old one") {
  Script script({{"second"}});
  auto source = script.source();
  SigningSecret secret("first", source);
  CHECK_FALSE(secret.may_be_ahead());
  wait_for_answer(secret);
  CHECK(secret.may_be_ahead());
  source.grace = std::chrono::milliseconds(0);
  SigningSecret strict("first", source);
  wait_for_answer(strict);
  CHECK_FALSE(strict.may_be_ahead());
}

TEST_CASE("a service that is away is asked until it answers and that is told once") {
  Script script({k_away, k_away, k_away, {"second"}});
  SigningSecret secret("first", script.source());
  wait_for_answer(secret);
  CHECK(script.asked() == 4);
  CHECK(script.news() ==
        std::vector<std::string>{"nobody answers; trying again", "the service answers again",
                                 "it was rotated; what was refused is signed anew"});
}

TEST_CASE("that there is no such webhook any more is an answer and changes nothing") {
  Script script({Error{ErrorKind::NotFound, "no such webhook", ""}});
  SigningSecret secret("first", script.source());
  const auto before = secret.signer();
  wait_for_answer(secret);
  wait_for_answer(secret);
  CHECK(secret.signer() == before);
  CHECK(script.news() == std::vector<std::string>{"no such webhook"});
}

TEST_CASE("however many ask while the service is asked they share the next question") {
  std::promise<void> asked;
  std::promise<void> release;
  std::atomic<int> questions = 0;
  {
    SigningSecret secret("first", {.ask = [&](const std::stop_token&) -> Result<std::string> {
                                     if (++questions == 1) {
                                       asked.set_value();
                                       release.get_future().wait_for(k_patience);
                                     }
                                     return std::string("first");
                                   },
                                   .on_answer = [] {},
                                   .on_news = [](const std::string&) {},
                                   .least_between = std::chrono::milliseconds(1)});
    const auto first = secret.ask_again();
    asked.get_future().wait_for(k_patience);
    std::uint64_t last = 0;
    for (int i = 0; i < 100; ++i)
      last = secret.ask_again();
    CHECK(last == first + 1);  // The one under way may have been put before a rotation.
    release.set_value();
    REQUIRE(eventually([&] { return secret.is_answered(last); }));
  }
  CHECK(questions == 2);
}

TEST_CASE("a secret that is asked for can go") {
  Script script({k_away});
  SigningSecret secret("first", script.source());
  secret.ask_again();
  CHECK(eventually([&] { return script.asked() > 1; }));
}
