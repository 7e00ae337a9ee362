// SPDX-License-Identifier: Apache-2.0
// The program between a fast service and a reader of its output that is slow, stuck or gone: memory
// stays bounded, nothing is lost on the way, and a signal ends it at once.
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/sanitizer.hpp"
#include "support/scripted_topics.hpp"
#include "support/service.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <utility>

using namespace topicloop;
using namespace topicloop::test;

namespace {

constexpr std::size_t k_megabyte = 1'000'000;

// The most memory the process has ever had, in MB.
std::size_t peak_memory_of(const Process& process) {
  std::ifstream status("/proc/" + std::to_string(process.id()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) / 1'000;
  }
  throw std::runtime_error("the process has no memory");
}

std::vector<std::string> at(const std::string& endpoint, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--local", endpoint, "--cache", k_cache});
  return arguments;
}

// It has written no warning and no error.
bool is_content(const Process& process) {
  return process.err().text().find("topicloop: ") == std::string::npos;
}

// Waits until whoever writes to the pipe cannot go on.
bool is_full_at_last(const Pipe& pipe) {
  return eventually([&] {
    pollfd room{.fd = pipe.writer.fd(), .events = POLLOUT, .revents = 0};
    return ::poll(&room, 1, 0) == 0;
  });
}

// Sends `messages` of 1 MB as long as somebody takes them, counting those that were taken.
ScriptedService::Script flood(int messages, std::atomic<int>& taken) {
  // Never destroyed: gRPC's own end can take 10 s after a connection was cut that was written to.
  static auto* volatile k_keeps_grpc_up = new grpc::CompletionQueue;
  static_cast<void>(k_keeps_grpc_up);
  return after_heartbeat([messages, &taken](ScriptedCall& call) {
    const std::string text(k_megabyte, 'x');
    for (int number = 1; number <= messages; ++number) {
      if (!call.write(item(static_cast<std::uint64_t>(number), text))) return;
      ++taken;
    }
  });
}

}  // namespace

TEST_CASE("a reader that takes nothing holds up the service and not our memory") {
  constexpr int k_messages = 250;
  std::atomic<int> taken = 0;
  const ScriptedService service(flood(k_messages, taken));
  Pipe slow;
  Process subscribe(at(service.endpoint(), {"subscribe", "t", "-n", std::to_string(k_messages)}),
                    k_default, slow.writer.fd());
  slow.writer.close();
  // However far the service is ahead of the reader, it is never by more than some buffers.
  std::string buffer(k_megabyte, '\0');
  std::size_t read = 0;
  std::size_t ahead = 0;
  while (const ssize_t count = ::read(slow.reader.fd(), buffer.data(), buffer.size())) {
    REQUIRE(count > 0);
    const std::size_t sent = static_cast<std::size_t>(taken) * k_megabyte;
    ahead = std::max(ahead, sent - std::min(sent, read));
    read += static_cast<std::size_t>(count);
  }
  CHECK(ahead < 60 * k_megabyte);
  CHECK(read == k_messages * (k_megabyte + 1));  // And nothing is lost on the way.
  CHECK(subscribe.wait_for_all() == 0);
}

TEST_CASE("a subscriber that is too slow for a flood is told what it missed and stays small") {
  auto options = options_for_tests();
  options.retention.messages = 20;
  const Service service(std::move(options));
  Pipe slow;
  Process subscribe(at(service.broker.endpoint(), {"subscribe", "t", "-o", "json"}), k_default,
                    slow.writer.fd());
  slow.writer.close();
  subscribe.err().wait_for("subscribed to \"t\"\n");
  constexpr int k_messages = 220;
  const std::string text(k_megabyte, 'x');
  for (int i = 0; i < k_messages; ++i)
    service.publish("t", text);
  service.publish("t", "the last one");
  CHECK((k_is_sanitized || peak_memory_of(subscribe) < 150));

  std::string out;
  std::string buffer(k_megabyte, '\0');
  while (out.find("the last one") == std::string::npos) {
    const ssize_t count = ::read(slow.reader.fd(), buffer.data(), buffer.size());
    REQUIRE(count > 0);
    out.append(buffer, 0, static_cast<std::size_t>(count));
  }
  CHECK(out.find("\"type\":\"gap\"") != std::string::npos);
  subscribe.signal(SIGTERM);
  slow.reader.close();
  subscribe.wait_for_all();
}

TEST_CASE("a hundred thousand messages at once all come, in order") {
  constexpr std::uint64_t k_messages = 100'000;
  const ScriptedService service(after_heartbeat([](ScriptedCall& call) {
    for (std::uint64_t number = 1; number <= k_messages; ++number) {
      if (!call.write(item(number, std::to_string(number)))) return;
    }
  }));
  Process subscribe(at(service.endpoint(), {"subscribe", "t", "-n", std::to_string(k_messages)}));
  CHECK(subscribe.wait_for_all() == 0);
  std::string wanted;
  for (std::uint64_t number = 1; number <= k_messages; ++number)
    wanted += std::to_string(number) + "\n";
  const bool same = subscribe.out().text() == wanted;
  CHECK(same);
  CHECK(is_content(subscribe));
}

TEST_CASE("a signal ends subscribe also while nobody reads its output") {
  std::atomic<int> taken = 0;
  const ScriptedService service(flood(100, taken));
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const Pipe stuck;
    Process subscribe(at(service.endpoint(), {"subscribe", "t"}), k_default, stuck.writer.fd());
    REQUIRE(is_full_at_last(stuck));
    subscribe.signal(signal);
    CHECK(subscribe.wait_for_all() == code);
    CHECK(is_content(subscribe));
  }
}

TEST_CASE("a time that runs out ends subscribe also while nobody reads its output") {
  std::atomic<int> taken = 0;
  const ScriptedService service(flood(100, taken));
  const Pipe stuck;
  stuck.fill();
  Process subscribe(at(service.endpoint(), {"subscribe", "t", "--timeout", "500ms"}), k_default,
                    stuck.writer.fd());
  CHECK(subscribe.wait_for_all() == 124);
  CHECK(subscribe.err().text().find("topicloop: error: --timeout 500ms ran out after") !=
        std::string::npos);
}

TEST_CASE("a signal ends publish while nobody reads its records") {
  const ScriptedService service([](ScriptedCall& call) { call.answer(""); });
  const Pipe stuck;
  stuck.fill();
  const Pipe lines;
  lines.write("one\n");
  Process publish(at(service.endpoint(), {"publish", "t", "-o", "json"}), lines.reader.fd(),
                  stuck.writer.fd());
  REQUIRE(eventually([&] { return service.calls() == 1; }));
  publish.signal(SIGTERM);
  CHECK(publish.wait_for_all() == 143);
}

TEST_CASE("a signal ends publish with many messages on their way and says how far it came") {
  const ScriptedService service([](ScriptedCall& call) { call.wait_until_cancelled(); });
  const Pipe lines;
  lines.write("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  Process publish(at(service.endpoint(), {"publish", "t", "--in-flight", "8"}), lines.reader.fd());
  REQUIRE(eventually([&] { return service.calls() == 8; }));
  publish.signal(SIGINT);
  CHECK(publish.wait_for_all() == 130);
  CHECK(publish.err().text().ends_with("stopped; 0 published\n"));
  CHECK(is_content(publish));
}

TEST_CASE("a signal ends subscribe while it waits for its first message and between two streams") {
  const ScriptedService silent([](ScriptedCall& call) { call.wait_until_cancelled(); });
  Process waiting(at(silent.endpoint(), {"subscribe", "t"}));
  REQUIRE(eventually([&] { return silent.calls() == 1; }));
  waiting.signal(SIGTERM);
  CHECK(waiting.wait_for_all() == 143);
  CHECK(is_content(waiting));

  std::atomic<int> calls = 0;
  const ScriptedService away([&](ScriptedCall& call) {
    if (++calls == 1) call.write(heartbeat());
    call.end({grpc::StatusCode::UNAVAILABLE, "because"});
  });
  Process broken(at(away.endpoint(), {"subscribe", "t", "--connect-timeout", "0"}));
  broken.err().wait_for("; trying again\n");
  broken.signal(SIGINT);
  CHECK(broken.wait_for_all() == 130);
}
