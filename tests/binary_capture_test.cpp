// SPDX-License-Identifier: Apache-2.0
// serve-webhook --capture, killed at any moment: what it has answered is in the capture.
#include "support/captures.hpp"
#include "support/process.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_target.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// How many requests were answered, sent until the process was gone; it is killed after a few.
std::size_t send_until_killed(const Process& receiver) {
  const std::string url = receiver.err().rest_of_line("receiving webhooks on ");
  const int port = std::stoi(url.substr(std::string("http://127.0.0.1:").size()));
  std::jthread killer;
  std::size_t answered = 0;
  try {
    while (true) {
      RawClient client(port);
      client.send(signed_post("/", event_now("hello")));
      if (status_of(client.receive_until("}")) != 200) return answered;
      if (++answered == 5) killer = std::jthread([&] { receiver.signal(SIGKILL); });
    }
  } catch (const std::runtime_error&) {
    return answered;  // Nobody listens any more.
  }
}

}  // namespace

TEST_CASE("a receiver that is killed has captured whatever it has answered, run after run") {
  const TempDirectory folder;
  for (const std::string name : {"c.jsonl", "c.jsonl.gz", "c.jsonl.zst"}) {
    INFO(name);
    const std::string file = folder.file(name);
    std::size_t answered = 0;
    for (int run = 0; run < 3; ++run) {
      Process receiver(
          {"serve-webhook", "--listen", "127.0.0.1:0", "--no-verify", "--capture", file});
      answered += send_until_killed(receiver);
      CHECK(receiver.wait() == 1'000 + SIGKILL);
      const auto read = read_capture(file);
      CHECK(read.error.empty());
      CHECK(read.records.size() >= answered);
      // One a run may have been captured and not answered any more.
      CHECK(read.records.size() <= answered + static_cast<std::size_t>(run) + 1);
    }
    CHECK(answered >= 15);
  }
}
