// SPDX-License-Identifier: Apache-2.0
// Resuming over the real gRPC stack against the same model as the log's: subscribers that come and
// go while others publish and the service restarts. A failure names the seed of its schedule.
#include "support/follower.hpp"
#include "support/service.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <optional>
#include <random>

using namespace topicloop;
using namespace topicloop::test;

namespace {

constexpr unsigned k_schedules = 40;
constexpr int k_steps = 40;

class Schedule {
public:
  explicit Schedule(unsigned seed) : random_(seed), history_{0, 0, up_to(12) + 2} { restart(); }

  void run() {
    for (int i = 0; i < k_steps; ++i)
      step();
    connect();
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
      case 2:
        subscription_.reset();
        break;
      case 3:
      case 4:
      case 5:
        connect();
        break;
      default:
        // While it is connected it is never so far behind that it could lose something.
        publish(up_to(subscription_ ? history_.retained / 2 : 2 * history_.retained));
    }
  }

  void restart() {
    subscription_.reset();
    service_.reset();
    auto options = options_for_tests();
    options.retention.messages = history_.retained;
    options.state_directory = directory_.path();
    service_.emplace(std::move(options));
    history_.last = 0;
    history_.page = page();
  }

  // By a message on another topic of the same cache.
  std::uint64_t page() const {
    service_->publish("page", "");
    auto subscription = service_->subscribe("page", {1, 0});
    return next_message(subscription).sequence_page;
  }

  void publish(std::uint64_t count) {
    for (; count > 0; --count) {
      ++history_.last;
      service_->publish("t", Follower::text_of(history_.page, history_.last));
    }
    if (subscription_) catch_up();
  }

  void connect() {
    const auto how = static_cast<Resume>(up_to(3));
    subscription_ = service_->subscribe("t", follower_.resume(how, history_));
    catch_up();
  }

  void catch_up() {
    while (!follower_.is_up_to_date(history_)) {
      const auto event = next_but_heartbeats(*subscription_);
      if (const auto* gap = std::get_if<model::Discontinuity>(&event)) {
        follower_.take(*gap);
      } else {
        follower_.take(std::get<model::Message>(event));
      }
    }
  }

  std::mt19937 random_;
  History history_;
  TempDirectory directory_;
  std::optional<Service> service_;
  std::optional<topic::Subscription> subscription_;
  Follower follower_;
};

}  // namespace

TEST_CASE("subscribers that reconnect over gRPC lose and repeat nothing they are not told of") {
  for (unsigned seed = 1; seed <= k_schedules; ++seed) {
    INFO("seed " << seed);
    REQUIRE_NOTHROW(Schedule(seed).run());
  }
}
