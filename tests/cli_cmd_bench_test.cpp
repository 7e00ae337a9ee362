// SPDX-License-Identifier: Apache-2.0
// `bench` against services and receivers that the tests run. Embedded: tests/binary_bench_test.cpp.
#include "support/command.hpp"
#include "support/condition.hpp"
#include "support/http_endpoint.hpp"
#include "support/temp_directory.hpp"
#include "webhook/signature.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <set>

using namespace topicloop;
using namespace topicloop::test;

namespace {

// The one record of a run that went well.
nlohmann::json bench_record(const Arguments& arguments) {
  const Outcome outcome = run_command(arguments);
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const auto all = outcome.records();
  REQUIRE(all.size() == 1);
  REQUIRE(all.front()["type"] == "bench");
  CHECK(all.front()["complete"] == true);
  CHECK(all.front()["lost"] == 0);
  return all.front();
}

std::uint64_t counted(const nlohmann::json& record) {
  std::uint64_t count = 0;
  for (const auto& band : record["histogram"])
    count += band["count"].get<std::uint64_t>();
  return count;
}

struct Receiver {
  TempDirectory folder;
  std::string secret_file = folder.write("secret", "s3cret\n");

  static Arguments bench(const std::string& url, const std::string& secret_file) {
    return {"bench", "webhook", "--to", url, "--secret-file", secret_file};
  }
  Arguments bench(const HttpEndpoint& endpoint, Arguments more) const {
    Arguments all = bench(endpoint.url(), secret_file);
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

}  // namespace

TEST_CASE("bench publish measures every message and nothing of the warm-up") {
  const Service service;
  for (const char* in_flight : {"1", "8"}) {
    const auto record =
        bench_record(at(service, {"bench", "publish", "--messages", "50", "--warm-up", "7",
                                  "--in-flight", in_flight, "--size", "40", "-o", "json"}));
    CHECK(record["bench"] == "publish");
    CHECK(record["where"] == service.broker.endpoint());
    CHECK(record["embedded"] == false);
    CHECK(record["warm_up"] == 7);
    CHECK(record["finished"] == 50);
    CHECK(record["latency_us"]["count"] == 50);
    CHECK(record["latency_from"] == "sent");
    CHECK(counted(record) == 50);
    CHECK(record["processes"].size() == 1);
    CHECK(record["processes"][0]["name"] == "client");
    CHECK(record["processes"][0]["resident_bytes"] > 0);
  }
}

TEST_CASE("bench publish at a pace counts from when each message was due") {
  const Service service;
  const auto record = bench_record(at(service, {"bench", "publish", "--messages", "40", "--rate",
                                                "2000", "--in-flight", "4", "-o", "json"}));
  CHECK(record["rate"] == 2'000);
  CHECK(record["latency_from"] == "due");
  CHECK(record["finished"] == 40);
  CHECK(record["warm_up"] == 4);
  // The last one was due after 39 periods.
  CHECK(record["duration_us"] >= 19'500);
}

TEST_CASE("bench publish in text is for people") {
  const Service service;
  const Outcome outcome =
      run_command(at(service, {"bench", "publish", "--messages", "20", "--in-flight", "2"}));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("publish: 20 messages of 100 bytes, 2 in flight, "));
  CHECK(contains(outcome.out, "\nlatency  p50 "));
  CHECK(contains(outcome.out, "\ncpu      a message: client "));
  CHECK(outcome.err.empty());
}

TEST_CASE("bench subscribe measures each message at each subscriber") {
  const Service service;
  const auto record =
      bench_record(at(service, {"bench", "subscribe", "--messages", "30", "--subscribers", "3",
                                "--in-flight", "4", "-o", "json"}));
  CHECK(record["subscribers"] == 3);
  CHECK(record["finished"] == 30);
  CHECK(record["arrivals"] == 90);
  CHECK(record["latency_us"]["count"] == 90);
}

TEST_CASE("bench subscribe is told by the service that messages are gone") {
  auto options = options_for_tests();
  options.retention.messages = 1;
  const Service service(std::move(options));
  // More in flight than are kept: sooner or later a subscriber is behind.
  const Outcome outcome = run_command(
      at(service, {"bench", "subscribe", "--messages", "200000", "--subscribers", "50",
                   "--in-flight", "1024", "--size", "1000", "--timeout", "20s", "-o", "json"}));
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "a subscriber has lost the messages"));
  CHECK(outcome.records().back()["kind"] == "check_failed");
}

TEST_CASE("bench ends on a signal with what it has measured so far") {
  const Receiver receiver;
  const HttpEndpoint endpoint;
  Command command(receiver.bench(
      endpoint, {"--messages", "1000000", "--rate", "500", "--warm-up", "0", "-o", "json"}));
  REQUIRE(eventually([&] { return endpoint.requests().size() > 5; }));
  CHECK(command.interrupt_and_wait(SIGINT) == 130);
  const auto records = command.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0]["complete"] == false);
  CHECK(records[0]["finished"] > 0);
}

TEST_CASE("bench webhook sends signed events, each numbered, and measures the answers") {
  const Receiver receiver;
  const HttpEndpoint endpoint;
  const auto record =
      bench_record(receiver.bench(endpoint, {"--messages", "20", "--warm-up", "3", "--in-flight",
                                             "4", "--size", "64", "-o", "json"}));
  CHECK(record["bench"] == "webhook");
  CHECK(record["where"] == endpoint.url());
  CHECK(record["finished"] == 20);
  const auto requests = endpoint.requests();
  REQUIRE(requests.size() == 23);
  CHECK(endpoint.connections() <= 4);
  std::set<std::uint64_t> numbers;
  for (const auto& request : requests) {
    CHECK(request.get_header_value("momento-signature") ==
          webhook::Signer("s3cret").sign(request.body));
    const auto event = nlohmann::json::parse(request.body);
    CHECK(event["text"].get<std::string>().size() == 64);
    numbers.insert(event["topic_sequence_number"].get<std::uint64_t>());
  }
  CHECK(numbers.size() == 23);
  CHECK(*numbers.begin() == 1);
}

TEST_CASE("bench webhook goes on after refusals and ends with 1, saying how many") {
  const Receiver receiver;
  std::atomic<int> count = 0;
  const HttpEndpoint endpoint([&](const httplib::Request&, httplib::Response& response) {
    response.status = ++count % 5 == 0 ? 503 : 200;
  });
  const Outcome outcome =
      run_command(receiver.bench(endpoint, {"--messages", "20", "--warm-up", "0", "-o", "json"}));
  CHECK(outcome.exit_code == 1);
  const auto records = outcome.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0]["finished"] == 16);
  CHECK(records[0]["failed"] == 4);
  CHECK(contains(records[1]["message"],
                 "4 of 20 messages failed, the first one: " + endpoint.url() + " answered 503"));
}

TEST_CASE("bench webhook stops at once where nothing works") {
  const Receiver receiver;
  const HttpEndpoint endpoint(
      [](const httplib::Request&, httplib::Response& response) { response.status = 401; });
  const Outcome refused = run_command(receiver.bench(endpoint, {}));
  CHECK(refused.exit_code == 1);
  CHECK(contains(refused.err, "answered 401"));
  CHECK(endpoint.requests().size() == 1);

  const Outcome unreachable =
      run_command(Receiver::bench("http://user:pass@127.0.0.1:1/", receiver.secret_file));
  CHECK(unreachable.exit_code == 4);
  CHECK(contains(unreachable.err, "127.0.0.1:1"));
  CHECK_FALSE(contains(unreachable.err, "pass"));
}

TEST_CASE("bench says which flag is wrong and what it may be") {
  for (const auto& [arguments, named] : std::vector<std::pair<Arguments, std::string>>{
           {{"publish", "--messages", "0"}, "--messages: \"0\" is not a count"},
           {{"publish", "--size", "15"}, "--size"},
           {{"publish", "--size", "1000001"}, "--size"},
           {{"publish", "--in-flight", "1025"}, "--in-flight"},
           {{"publish", "--rate", "fast"}, "--rate"},
           {{"publish", "--warm-up", "-1"}, "--warm-up"},
           {{"subscribe", "--subscribers", "0"}, "--subscribers"},
           {{"loop", "--timeout", "0"}, "--timeout"},
           {{"webhook", "--to", "here"}, "--to"},
           {{"webhook", "--to", "http://127.0.0.1:1/"}, "no secret to sign with"},
       }) {
    Arguments all{"bench"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Outcome outcome = run_command(all);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, named));
  }
}
