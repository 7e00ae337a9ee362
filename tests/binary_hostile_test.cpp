// SPDX-License-Identifier: Apache-2.0
// The service as a process under clients that do not behave: what it costs, how it ends.
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/service.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace topicloop;
using namespace topicloop::test;

namespace {

constexpr const char* k_default_cache = "default-cache";

struct Serving {
  explicit Serving(std::vector<std::string> more = {}) : process(arguments(std::move(more))) {}

  static std::vector<std::string> arguments(std::vector<std::string> more) {
    more.insert(more.begin(), {"serve-topics", "--listen", "127.0.0.1:0"});
    return more;
  }

  std::size_t resident_bytes() const {
    std::ifstream statm("/proc/" + std::to_string(process.id()) + "/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  }

  Process process;
  topic::Client client = client_of(process.err().rest_of_line("serving topics on "));
};

}  // namespace

TEST_CASE("subscribers that never read cost no memory however much is published") {
  constexpr std::size_t k_size = 100'000;
  constexpr std::size_t k_warm_up = 300;
  constexpr std::size_t k_messages = 3'000;
  constexpr std::size_t k_allowed = 32U << 20U;  // Of 300 MB for each of them.
  const Serving serving({"--retain", "10"});
  std::vector<topic::Subscription> deaf;
  for (int i = 0; i < 10; ++i)
    deaf.push_back(must(serving.client.subscribe(k_default_cache, "t")));
  const auto publish = [&](std::size_t count) {
    const auto value = model::Value::binary(std::string(k_size, 'x'));
    for (; count > 0; --count)
      must(serving.client.publish(k_default_cache, "t", value));
  };
  publish(k_warm_up);
  const std::size_t before = serving.resident_bytes();
  publish(k_messages);
  const std::size_t after = serving.resident_bytes();
  INFO(before << " bytes before, " << after << " after");
  CHECK(before > 0);
  CHECK(after < before + k_allowed);

  // And what they lost is told when they read at last.
  auto& late = deaf.front();
  std::uint64_t next = 1;
  while (next <= k_warm_up + k_messages) {
    const auto event = next_but_heartbeats(late);
    if (const auto* gap = std::get_if<model::Discontinuity>(&event)) {
      REQUIRE(gap->last_topic_sequence == next);
      next = gap->new_topic_sequence + 1;
    } else {
      REQUIRE(std::get<model::Message>(event).sequence_number == next);
      ++next;
    }
  }
}

TEST_CASE("SIGTERM tells a thousand open streams that the service is unavailable and ends") {
  constexpr std::size_t k_streams = 1'000;
  Serving serving;
  std::vector<topic::Subscription> subscriptions;
  while (subscriptions.size() < k_streams)
    subscriptions.push_back(must(serving.client.subscribe(k_default_cache, "t")));
  serving.process.signal(SIGTERM);
  std::size_t told = 0;
  for (auto& subscription : subscriptions) {
    if (end_of(subscription).kind == ErrorKind::Unavailable) ++told;
  }
  CHECK(told == k_streams);
  CHECK(serving.process.wait_for_all() == 143);
}
