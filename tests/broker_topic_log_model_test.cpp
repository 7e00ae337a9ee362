// SPDX-License-Identifier: Apache-2.0
// The log against a model of what subscribers may rely on, under thousands of random schedules. A
// failure names the seed of its schedule.
#include "broker/topic_log.hpp"
#include "support/follower.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <optional>
#include <random>
#include <string>

using namespace topicloop;
using namespace topicloop::broker;
using namespace topicloop::test;

namespace {

constexpr int k_schedules = 5'000;
constexpr int k_steps = 60;

class Schedule {
public:
  explicit Schedule(unsigned seed) : random_(seed), history_{1, 0, up_to(12) + 1} { restart(); }

  void run() {
    for (int i = 0; i < k_steps; ++i)
      step();
    catch_up();
  }

private:
  std::uint64_t up_to(std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>(0, most)(random_);
  }

  void step() {
    switch (up_to(9)) {
      case 0:
        restart();
        break;
      case 1:
        cursor_.reset();
        break;
      case 2:
        if (!cursor_) connect();
        break;
      case 3:
        catch_up();
        break;
      case 4:
        if (cursor_) read_some();
        break;
      default:
        publish(up_to(up_to(3) == 0 ? 3 * history_.retained : 4));
    }
  }

  // A service that starts again has nothing but a higher page.
  void restart() {
    history_.page += 1 + up_to(1'000);
    history_.last = 0;
    log_.emplace(history_.page, Retention{.messages = history_.retained});
    cursor_.reset();
  }

  void publish(std::uint64_t count) {
    for (; count > 0; --count) {
      ++history_.last;
      log_->append(SystemTime{}, std::make_shared<const std::string>(
                                     Follower::text_of(history_.page, history_.last)));
    }
    if (cursor_) follower_.fall_behind(history_);
  }

  void connect() {
    const auto how = static_cast<Resume>(up_to(3));
    cursor_ = log_->attach(follower_.resume(how, history_));
  }

  void read() {
    const LogRead read = log_->read(*cursor_);
    if (const auto* entry = std::get_if<const LogEntry*>(&read)) {
      follower_.take(model::Message{"", "", (*entry)->sequence_number, log_->sequence_page(), "",
                                    model::Value::text(*(*entry)->item)});
    } else if (const auto* gap = std::get_if<model::Discontinuity>(&read)) {
      follower_.take(*gap);
    } else {
      throw std::runtime_error("has_more() promised something");
    }
  }

  void read_some() {
    for (std::uint64_t i = up_to(5); i > 0 && log_->has_more(*cursor_); --i)
      read();
  }

  void catch_up() {
    if (!cursor_) connect();
    while (log_->has_more(*cursor_))
      read();
    if (!follower_.is_up_to_date(history_)) throw std::runtime_error("something never came");
  }

  std::mt19937 random_;
  History history_;
  std::optional<TopicLog> log_;
  std::optional<Cursor> cursor_;
  Follower follower_;
};

}  // namespace

TEST_CASE("no schedule of publishing, breaks, restarts and resumes loses or repeats a message") {
  for (unsigned seed = 1; seed <= k_schedules; ++seed) {
    INFO("seed " << seed);
    REQUIRE_NOTHROW(Schedule(seed).run());
  }
}
