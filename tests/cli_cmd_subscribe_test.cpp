// SPDX-License-Identifier: Apache-2.0
#include "support/command.hpp"
#include "support/condition.hpp"
#include "support/temp_directory.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::string_literals;
using model::Value;

namespace {

Service service_keeping(std::size_t messages) {
  auto options = options_for_tests();
  options.retention.messages = messages;
  return Service(std::move(options));
}

}  // namespace

TEST_CASE("subscribe prints payloads and ends with 0 once the count is reached") {
  const Service service;
  Command subscribe(at(service, {"subscribe", "topic 2", "--count", "2"}));
  subscribe.err().wait_for("subscribed to \"topic 2\"\n");
  service.publish("topic 2", "straße");
  service.publish("topic 2", "two\nlines");
  service.publish("topic 2", "not shown");
  CHECK(subscribe.wait() == 0);
  CHECK(subscribe.out().text() == "straße\ntwo\nlines\n");
  CHECK(subscribe.err().text() == "subscribed to \"topic 2\"\n");
}

TEST_CASE("subscribe writes nothing but payload bytes under -o raw") {
  const Service service;
  Command subscribe(at(service, {"subscribe", "t", "-n", "2", "-o", "raw"}));
  subscribe.err().wait_for("subscribed");
  must(service.client.publish(k_cache, "t", Value::binary("\0\xFF"s)));
  service.publish("t", "x");
  CHECK(subscribe.wait() == 0);
  CHECK(subscribe.out().text() == "\0\xFFx"s);
}

TEST_CASE("subscribe writes one record per message under -o json") {
  const Service service;
  Command subscribe(at(service, {"subscribe", "t", "-n", "2", "-o", "json"}));
  subscribe.out().wait_for_lines(1);
  service.publish("t", "straße");
  must(service.client.publish(k_cache, "t", Value::binary("\0\xFF"s)));
  CHECK(subscribe.wait() == 0);
  const auto records = subscribe.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0]["type"] == "ready");
  CHECK(records[0]["where"] == "t");
  CHECK(records[0]["topics"] == nlohmann::json{"t"});
  CHECK(records[1]["type"] == "message");
  CHECK(records[1]["cache"] == k_cache);
  CHECK(records[1]["topic"] == "t");
  CHECK(records[1]["sequence_number"] == 1);
  CHECK(records[1]["text"] == "straße");
  CHECK(records[2]["sequence_number"] == 2);
  CHECK(records[2]["sequence_page"] == records[1]["sequence_page"]);
  CHECK(records[2]["binary_base64"] == "AP8=");
}

TEST_CASE("subscribe ends with 124 once its timeout is over") {
  const Service service;
  service.publish("t", "one");
  const Outcome outcome = run_command(at(
      service, {"subscribe", "t", "--from", "1", "-n", "2", "--timeout", "300ms", "-o", "json"}));
  CHECK(outcome.exit_code == 124);
  CHECK(contains(outcome.err, "topicloop: error: --timeout 300ms ran out after "));
  CHECK(outcome.records().back()["exit_code"] == 124);
}

TEST_CASE("subscribe begins where it is told to") {
  const Service service;
  for (const char* text : {"a", "b", "c"})
    service.publish("t", text);
  const auto output = [&](const char* from, const char* count) {
    return run_command(at(service, {"subscribe", "t", "--from", from, "-n", count})).out;
  };
  CHECK(output("beginning", "3") == "a\nb\nc\n");
  CHECK(output("1", "3") == "a\nb\nc\n");
  CHECK(output("2", "2") == "b\nc\n");
}

TEST_CASE("messages that are gone show as a gap that does not use up the count") {
  const Service service = service_keeping(2);
  for (int i = 1; i <= 5; ++i)
    service.publish("t", std::to_string(i));
  const Outcome text = run_command(at(service, {"subscribe", "t", "--from", "2", "-n", "2"}));
  CHECK(text.exit_code == 0);
  CHECK(text.out == "4\n5\n");
  CHECK(
      contains(text.err, "topicloop: warning: gap on \"t\": messages 2 to 3 are not available\n"));

  const Outcome json =
      run_command(at(service, {"subscribe", "t", "--from", "2", "-n", "2", "-o", "json"}));
  const auto gaps = records_of(json.records(), "gap");
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0]["missing"][0]["first"] == 2);
  CHECK(gaps[0]["missing"][0]["last"] == 3);
  CHECK(records_of(json.records(), "message").size() == 2);
}

TEST_CASE("subscribe waits quietly for a service that is just starting") {
  const TempDirectory folder;
  const std::string address = "unix:" + folder.file("socket");
  Command subscribe({"subscribe", "t", "-n", "1", "--cache", k_cache, "--local", address});
  subscribe.err().wait_for("waiting up to 10.0s for the service at " + address + "\n");
  auto options = options_for_tests();
  options.address = address;
  const Service service(std::move(options));
  subscribe.err().wait_for("subscribed to \"t\"\n");
  service.publish("t", "hello");
  CHECK(subscribe.wait() == 0);
  CHECK(subscribe.out().text() == "hello\n");
}

TEST_CASE("subscribe writes its ready file when whatever is published will be seen") {
  const Service service;
  const TempDirectory folder;
  const std::string file = folder.file("ready");
  Command subscribe(at(service, {"subscribe", "t", "-n", "1", "--ready-file", file}));
  REQUIRE(eventually([&] { return content_of(file) == "\"t\"\n"; }));
  service.publish("t", "hello");
  CHECK(subscribe.wait() == 0);
  CHECK(subscribe.out().text() == "hello\n");
  CHECK(content_of(file).empty());
}

TEST_CASE("subscribe ends with 4 if there is no service to begin with") {
  const Outcome outcome =
      run_command({"subscribe", "t", "--local", k_nowhere, "--connect-timeout", "0", "-o", "json"});
  CHECK(outcome.exit_code == 4);
  CHECK(contains(outcome.err, "topicloop: error: "));
  CHECK(outcome.records().back()["exit_code"] == 4);
}

TEST_CASE("subscribe ends with 5 when its cache is deleted") {
  const Service service;
  Command subscribe(at(service, {"subscribe", "t"}));
  subscribe.err().wait_for("subscribed");
  must(service.client.delete_cache(k_cache));
  CHECK(subscribe.wait() == 5);
  CHECK(contains(subscribe.err().text(), k_cache));
}

TEST_CASE("subscribe ends quietly on a signal") {
  const Service service;
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    Command subscribe(at(service, {"subscribe", "t"}));
    subscribe.err().wait_for("subscribed");
    CHECK(subscribe.interrupt_and_wait(signal) == code);
    CHECK(subscribe.err().text() == "subscribed to \"t\"\n");
  }
}

TEST_CASE("a signal ends subscribe also while it waits for a service") {
  Command subscribe({"subscribe", "t", "--local", k_nowhere, "--connect-timeout", "1h"});
  subscribe.err().wait_for("waiting up to");
  CHECK(subscribe.interrupt_and_wait() == 130);
}
