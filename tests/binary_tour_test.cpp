// SPDX-License-Identifier: Apache-2.0
#include "support/condition.hpp"
#include "support/process.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop::test;

// The README's tour, on ports of its own.
TEST_CASE("four processes wired by their ready files carry a message round the loop") {
  const TempDirectory folder;
  const auto once_ready = [&](const std::string& name) {
    const std::string file = folder.file(name);
    if (!eventually([&] { return content_of(file).ends_with('\n'); }))
      throw std::runtime_error(name + " never gets ready");
    std::string where = content_of(file);
    where.pop_back();
    return where;
  };

  Process service({"serve-topics", "--listen", "127.0.0.1:0", "--http", "none", "--ready-file",
                   folder.file("topics")});
  const std::string endpoint = once_ready("topics");
  Process webhook({"serve-webhook", "--listen", "127.0.0.1:0", "--register", "topic 1",
                   "--transform", "upper", "--publish-to", "topic 2", "--local", endpoint,
                   "--ready-file", folder.file("webhook")});
  Process subscribe({"subscribe", "topic 2", "--count", "1", "--timeout", "60s", "--local",
                     endpoint, "--ready-file", folder.file("subscribe")});
  const std::string url = once_ready("webhook");
  CHECK(once_ready("subscribe") == "\"topic 2\"");
  Process publish({"publish", "topic 1", "hello", "--local", endpoint});

  CHECK(publish.wait_for_all() == 0);
  CHECK(publish.out().text().empty());
  CHECK(subscribe.wait_for_all() == 0);
  CHECK(subscribe.out().text() == "HELLO\n");
  webhook.out().wait_for("<-- [200] POST " + url);
  service.out().wait_for("<-- [200] POST " + url);
  webhook.signal(SIGTERM);
  CHECK(webhook.wait_for_all() == 143);
  CHECK(webhook.err().text().ends_with("webhook requests: 1 accepted, 0 refused\n"));

  Process webhooks({"webhook", "list", "--local", endpoint});
  CHECK(webhooks.wait_for_all() == 0);
  CHECK(webhooks.out().text().empty());
  service.signal(SIGINT);
  CHECK(service.wait_for_all() == 130);
  CHECK(
      service.err().text().ends_with("webhook deliveries: 1 delivered, 0 failed, 0 never sent\n"));
}
