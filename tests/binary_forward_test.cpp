// SPDX-License-Identifier: Apache-2.0
// forward as a process: what only a whole process shows.
#include "support/condition.hpp"
#include "support/http_endpoint.hpp"
#include "support/process.hpp"
#include "support/sanitizer.hpp"
#include "support/service.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <atomic>
#include <fstream>
#include <future>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// The most memory the process ever had, in MiB.
std::size_t peak_memory(pid_t id) {
  std::ifstream status("/proc/" + std::to_string(id) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) / 1'024;
  }
  throw std::runtime_error("the process has no memory");
}

Process forward_process(const Service& service, const std::string& url, const std::string& secret) {
  return Process({"forward", "t", "--to", url, "--from", "beginning", "--secret-file", secret,
                  "--timeout", "60s", "--concurrency", "1", "--local", service.broker.endpoint(),
                  "--cache", k_cache});
}

}  // namespace

TEST_CASE("forward holds no more than its window while an endpoint is slow") {
  constexpr std::size_t k_messages = 512;  // Of 1 MiB: eight times what may be held.
  const TempDirectory directory;
  auto options = options_for_tests();
  options.retention = {.messages = k_messages, .bytes = std::size_t{1} << 30U};
  const Service service(options);
  std::promise<void> published;
  const auto all_published = published.get_future().share();
  std::atomic<std::size_t> delivered = 0;
  const HttpEndpoint endpoint([&](const auto&, auto&) {
    all_published.wait_for(k_patience);
    ++delivered;
  });
  const Process forward =
      forward_process(service, endpoint.url(), directory.write("secret", "secret\n"));
  const std::string payload(std::size_t{1} << 20U, 'x');
  for (std::size_t i = 0; i < k_messages; ++i)
    service.publish("t", payload);
  published.set_value();
  REQUIRE(eventually([&] { return delivered == k_messages; }, std::chrono::seconds(120)));
  CHECK((k_is_sanitized || peak_memory(forward.id()) < 384));
  CHECK(forward.err().text().find("gap") == std::string::npos);
}

TEST_CASE("forward ends with the code of the signal and says what it leaves undone") {
  const TempDirectory directory;
  const Service service;
  const HttpEndpoint endpoint([](const auto&, auto& response) { response.status = 503; });
  service.publish("t", "a");
  Process forward = forward_process(service, endpoint.url(), directory.write("secret", "secret\n"));
  forward.out().wait_for(": again in ");
  forward.signal(SIGTERM);
  CHECK(forward.wait_for_all() == 143);
  CHECK(forward.err().text().find("not yet delivered: 1 of 1 received\n") != std::string::npos);
}

TEST_CASE("forward whose reader has gone ends with 1 if a delivery had failed and with 0 if none") {
  for (const auto& [status, code] : {std::pair{400, 1}, std::pair{200, 0}}) {
    INFO(status);
    const TempDirectory directory;
    const Service service;
    const HttpEndpoint endpoint([&](const auto&, auto& response) { response.status = status; });
    service.publish("t", "a");
    Pipe head;
    Process forward({"forward", "t", "--to", endpoint.url(), "--from", "beginning", "--secret-file",
                     directory.write("secret", "secret\n"), "--local", service.broker.endpoint(),
                     "--cache", k_cache},
                    k_default, head.writer.fd());
    head.writer.close();
    std::string seen;
    std::array<char, 256> buffer{};
    while (seen.find("<-- [") == std::string::npos) {
      const ssize_t count = ::read(head.reader.fd(), buffer.data(), buffer.size());
      REQUIRE(count > 0);
      seen.append(buffer.data(), static_cast<std::size_t>(count));
    }
    head.reader.close();
    service.publish("t", "b");  // The line about it finds no reader.
    CHECK(forward.wait_for_all() == code);
  }
}
