// SPDX-License-Identifier: Apache-2.0
// `replay` of captures to topics and to standard output, and from a receiver back to one.
#include "support/captures.hpp"
#include "support/raw_http_site.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <random>

using namespace topicloop;
using namespace topicloop::test;

namespace {

using Strings = std::vector<std::string>;

model::CaptureRecord event_record(const std::string& text, model::Verification verification = {}) {
  auto record = request_record(webhook::to_json({"c", "topic 1", 1, 2, 3, "", text}));
  std::get<model::HttpExchange>(record.content).verification = std::move(verification);
  return record;
}

std::string capture_in(const TempDirectory& folder) {
  write_capture(folder.file("c"),
                {event_record("request"), message_record(model::Value::text("straße")),
                 event_record("forged", {model::Verification::Outcome::Failed, "too old"}),
                 message_record(model::Value::binary(std::string("\0\xFF", 2))),
                 request_record("no event"), gap_record()});
  return folder.file("c");
}

// A request's lines, without those about the connection it came on.
std::string lasting(const std::string& request) {
  std::istringstream lines(request);
  std::string kept;
  for (std::string line; std::getline(lines, line) && line != "\r";) {
    if (!line.starts_with("Host:") && !line.starts_with("Content-Length:")) kept += line + "\n";
  }
  return kept + request.substr(request.find("\r\n\r\n"));
}

// Bytes of every kind, the same in every run.
std::string some_bytes(std::size_t size) {
  std::minstd_rand random(7);
  std::string bytes(size, '\0');
  for (char& c : bytes)
    c = static_cast<char>(random() % 256);
  return bytes;
}

}  // namespace

TEST_CASE("messages, and those inside requests, go to a topic as they were; forgeries do not") {
  const Service service;
  const TempDirectory folder;
  auto subscription = service.subscribe("topic 2");
  const Outcome outcome = run_command(
      at(service, {"replay", capture_in(folder), "--to-topic", "topic 2", "-o", "json"}));
  CHECK(outcome.exit_code == 0);
  CHECK(next_message(subscription).value == model::Value::text("request"));
  CHECK(next_message(subscription).value == model::Value::text("straße"));
  CHECK(next_message(subscription).value == model::Value::binary(std::string("\0\xFF", 2)));
  const auto responses = records_of(outcome.records(), "response");
  REQUIRE(responses.size() == 3);
  CHECK(responses[0]["to"] == "topic 2");
  const auto summary = records_of(outcome.records(), "summary").at(0);
  CHECK(summary["passed"] == 3);
  CHECK(summary["skipped"] == 2);
}

TEST_CASE("many messages arrive on a topic once each, several at a time and repeated") {
  const Service service;
  const TempDirectory folder;
  write_capture(folder.file("c"), {message_record(model::Value::text(R"({"n":1})"))});
  auto subscription = service.subscribe("t");
  CHECK(run_command(at(service, {"replay", folder.file("c"), "--to-topic", "t", "--repeat", "100",
                                 "--concurrency", "16", "--set", "/n=2"}))
            .exit_code == 0);
  for (std::uint64_t number = 1; number <= 100; ++number) {
    const auto message = next_message(subscription);
    CHECK(message.sequence_number == number);
    CHECK(message.value.bytes == R"({"n":2})");
  }
}

TEST_CASE("a service that refuses everything, or is not there, gives its own exit code") {
  const Service service;
  const TempDirectory folder;
  CHECK(run_command({"replay", capture_in(folder), "--to-topic", "t", "--local",
                     service.broker.endpoint(), "--cache", "no-cache"})
            .exit_code == 5);
  const Outcome gone = run_command({"replay", folder.file("c"), "--to-topic", "t", "--local",
                                    k_nowhere, "--connect-timeout", "0"});
  CHECK(gone.exit_code == 4);
  CHECK(contains(gone.err, std::string("cannot reach the service at ") + k_nowhere));
}

TEST_CASE("replay --print writes messages as publish reads them") {
  const Service service;
  const TempDirectory folder;
  const Outcome json = run_command({"replay", capture_in(folder), "--print", "-o", "json"});
  CHECK(json.exit_code == 0);
  REQUIRE(json.records().size() == 3);
  auto subscription = service.subscribe("t");
  CHECK(run_command(at(service, {"publish", "t", "--input", "json"}), json.out).exit_code == 0);
  CHECK(next_message(subscription).value == model::Value::text("request"));
  CHECK(next_message(subscription).value == model::Value::text("straße"));
  CHECK(next_message(subscription).value == model::Value::binary(std::string("\0\xFF", 2)));
  CHECK(run_command({"replay", folder.file("c"), "--print", "--select", "type == 'request'"}).out ==
        "request\n");
  CHECK(run_command({"replay", folder.file("c"), "--print", "-o", "raw"}).out ==
        std::string("requeststra\xC3\x9F") + "e" + std::string("\0\xFF", 2));
}

TEST_CASE("replay --print shuffles as its seed says, and reads standard input") {
  const TempDirectory folder;
  std::vector<model::CaptureRecord> records;
  for (char c = 'a'; c <= 'z'; ++c)
    records.push_back(message_record(model::Value::text(std::string(1, c))));
  write_capture(folder.file("c"), records);
  std::ifstream file(folder.file("c"));
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const std::string shuffled =
      run_command({"replay", "-", "--print", "-o", "raw", "--shuffle", "1"}, bytes).out;
  CHECK(shuffled != "abcdefghijklmnopqrstuvwxyz");
  CHECK(shuffled ==
        run_command({"replay", folder.file("c"), "--print", "-o", "raw", "--shuffle", "1"}).out);
  std::string sorted = shuffled;
  std::sort(sorted.begin(), sorted.end());
  CHECK(sorted == "abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("what a receiver captured is sent again byte for byte") {
  const TempDirectory folder;
  const Strings bodies = {"", "text", "{\"text\":\"straße \\u0001 \\\\\"}",
                          std::string("\0\r\n\xFF", 4), some_bytes(1U << 20U)};
  Strings sent;
  {
    WebhookCommand receiver({"--no-verify", "--path", "/hook", "--capture", folder.file("c")});
    for (const auto& body : bodies) {
      sent.push_back(
          "POST /hook?x=%20&y=../z HTTP/1.1\r\nHost: x\r\nA: 2\r\n"
          "Content-Type: application/json\r\nx-B: 1\r\nX-Twice: \xC3\x9F\r\n"
          "x-twice: 1\r\nContent-Length: " +
          std::to_string(body.size()) + "\r\n\r\n" + body);
      CHECK(receiver.send(sent.back()) > 0);
    }
    CHECK(receiver.interrupt_and_wait() == 130);
  }
  const RawHttpSite site;
  CHECK(run_command({"replay", folder.file("c"), "--to", site.url(), "--allow-empty"}).exit_code ==
        0);
  const auto requests = site.requests();
  REQUIRE(requests.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    INFO(requests[i].substr(0, 300));
    CHECK((lasting(requests[i]) == lasting(sent[i])));
  }
}

TEST_CASE("whatever a capture holds is sent byte for byte, header by header") {
  const TempDirectory folder;
  Strings expected;
  std::vector<model::CaptureRecord> records;
  std::minstd_rand random(11);
  const Strings names = {"X-One", "x-one", "Content-Type", "User-Agent", "accept", "Cookie-Like"};
  const Strings values = {"",
                          "1",
                          "a, b; c=\"d\"",
                          "stra\xC3\x9F"
                          "e",
                          "\xFF\xFE",
                          "*/*"};
  for (std::size_t i = 0; i < 60; ++i) {
    auto record = request_record(some_bytes(i * i));
    auto& request = std::get<model::HttpExchange>(record.content).request;
    request.method = Strings{"POST", "PUT", "GET", "DELETE", "PATCH"}[i % 5];
    request.target = "/a/../b?n=" + std::to_string(i);
    request.headers = {{"Connection", "close"}, {"Accept-Encoding", "gzip"}};
    std::string wanted = request.method + " " + request.target + " HTTP/1.1\r\n";
    for (auto count = random() % 6; count > 0; --count) {
      request.headers.emplace_back(names[random() % names.size()],
                                   values[random() % values.size()]);
      const auto& [name, value] = request.headers.back();
      wanted += name + (value.empty() ? ":" : ": " + value) + "\r\n";
    }
    expected.push_back(lasting(wanted + "\r\n" + request.body));
    records.push_back(std::move(record));
  }
  write_capture(folder.file("c"), records);
  const RawHttpSite site;
  CHECK(run_command({"replay", folder.file("c"), "--to", site.url()}).exit_code == 0);
  const auto requests = site.requests();
  REQUIRE(requests.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO(requests[i].substr(0, 400) << "\nexpected:\n" << expected[i].substr(0, 400));
    CHECK((lasting(requests[i]) == expected[i]));
  }
}
