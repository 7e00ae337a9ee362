// SPDX-License-Identifier: Apache-2.0
// `replay` of captures to URLs: what arrives there, what is expected, and how it ends.
#include "support/captures.hpp"
#include "support/forward_command.hpp"
#include "support/temp_directory.hpp"
#include "support/test_sockets.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

using Strings = std::vector<std::string>;

constexpr std::int64_t k_recorded_ms = 1'772'375'383'123;

// A signed request, of one second after the message was published.
model::CaptureRecord event_record(std::uint64_t number, const std::string& text) {
  const std::string body =
      webhook::to_json({"c", "topic 1", k_recorded_ms, k_recorded_ms + 1'000, number, "", text});
  const std::string signature = webhook::Signer("secret").sign(body);
  auto record = request_record(body);
  auto& exchange = std::get<model::HttpExchange>(record.content);
  exchange.id = webhook::short_id(signature);
  exchange.request.headers = {{"Host", "old"},
                              {"Content-Type", "application/json"},
                              {"momento-signature", signature},
                              {"Content-Length", std::to_string(body.size())},
                              {"Connection", "keep-alive"}};
  exchange.response = {200, {}, "recorded " + text};
  return record;
}

class Capture {
public:
  explicit Capture(const std::vector<model::CaptureRecord>& records) {
    write_capture(path(), records);
  }
  std::string path() const { return folder_.file("c.jsonl"); }

private:
  TempDirectory folder_;
};

Capture abc() {
  return Capture({event_record(1, "a"), event_record(2, "b"), event_record(3, "c")});
}

Outcome replay_of(const Capture& capture, const std::string& url, Arguments more = {}) {
  Arguments arguments{"replay", capture.path(), "--to", url};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_command(arguments);
}

void answer_as_recorded(const httplib::Request& request, httplib::Response& response) {
  response.set_content("recorded " + event_of(request).text, "text/plain");
}

}  // namespace

TEST_CASE("replay sends the recorded signature and body again, in the capture's order") {
  const Capture capture = abc();
  const HttpEndpoint endpoint;
  const Outcome outcome = replay_of(capture, endpoint.url("/hook"));
  CHECK(outcome.exit_code == 0);
  REQUIRE(texts_of(endpoint.requests()) == Strings{"a", "b", "c"});
  for (const auto& request : endpoint.requests()) {
    CHECK(request.target == "/hook");
    CHECK(request.get_header_value("momento-signature") ==
          webhook::Signer("secret").sign(request.body));
    CHECK(event_of(request).publish_timestamp == k_recorded_ms + 1'000);
  }
  CHECK(contains(outcome.out, " --> topic 1 #2 ["));
  CHECK(contains(outcome.out, " <-- [200] POST " + endpoint.url("/hook") + " ("));
  CHECK(contains(outcome.err, "replayed: 3 passed, 0 failed, 0 not answered, 0 skipped in "));
}

TEST_CASE("a URL without a path gets each request at its own") {
  const Capture capture = abc();
  const HttpEndpoint endpoint;
  CHECK(replay_of(capture, endpoint.url("")).exit_code == 0);
  CHECK(endpoint.requests().at(0).target == "/hook?a=b");
}

TEST_CASE(
    "replay --resign dates and signs anew, also each retry, and keeps how old the message was") {
  const WithSecret secret;
  const Capture capture({event_record(1, "a")});
  const HttpEndpoint endpoint(Answers({{"a", {503}}}));
  const std::int64_t before = to_epoch_ms(std::chrono::system_clock::now());
  const Outcome outcome = replay_of(capture, endpoint.url(), {"--resign", "--retry", "1"});
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.out, ", 2 attempts) ["));
  REQUIRE(endpoint.requests().size() == 2);
  const auto first = event_of(endpoint.requests()[0]);
  const auto second = event_of(endpoint.requests()[1]);
  CHECK(first.publish_timestamp >= before);
  CHECK(first.publish_timestamp - first.event_timestamp == 1'000);
  CHECK(second.publish_timestamp > first.publish_timestamp);
  CHECK(second.event_timestamp == first.event_timestamp);
  for (const auto& request : endpoint.requests()) {
    CHECK(request.get_header_value("momento-signature") ==
          webhook::Signer("secret").sign(request.body));
    CHECK(request.get_header_value_count("momento-signature") == 1);
  }
}

TEST_CASE("a captured message becomes a signed request with --resign, and needs it") {
  const WithSecret secret;
  const Capture capture({message_record(model::Value::text("m"))});
  const HttpEndpoint endpoint;
  const Outcome refused = replay_of(capture, endpoint.url());
  CHECK(refused.exit_code == 2);
  CHECK(contains(refused.err, ":2: a message has no signature to keep\n"));
  CHECK(endpoint.requests().empty());
  CHECK(replay_of(capture, endpoint.url(), {"--resign"}).exit_code == 0);
  const auto event = event_of(endpoint.requests().at(0));
  CHECK(event.topic == "topic 1");
  CHECK(event.topic_sequence_number == 42);
  CHECK(event.text == "m");
}

TEST_CASE(
    "replay --set changes what is sent, which then must be signed anew or be forged on purpose") {
  const WithSecret secret;
  const Capture capture({event_record(1, R"({"n":1,"m":2})")});
  const HttpEndpoint endpoint;
  const Outcome refused = replay_of(capture, endpoint.url(), {"--set", "/text/n=7"});
  CHECK(refused.exit_code == 2);
  CHECK(contains(refused.err, "--set changes what is signed"));
  CHECK(replay_of(capture, endpoint.url(), {"--set", "/text/n=7", "--resign"}).exit_code == 0);
  CHECK(replay_of(capture, endpoint.url(), {"--set", "/text=x", "--keep-signature"}).exit_code ==
        0);
  const auto requests = endpoint.requests();
  REQUIRE(texts_of(requests) == Strings{R"({"n":7,"m":2})", "x"});
  CHECK(requests[0].get_header_value("momento-signature") ==
        webhook::Signer("secret").sign(requests[0].body));
  CHECK(requests[1].get_header_value("momento-signature") !=
        webhook::Signer("secret").sign(requests[1].body));
}

TEST_CASE("replay --select, --id, --repeat and several files choose what is sent") {
  const Capture capture = abc();
  const HttpEndpoint endpoint;
  const std::string id = std::get<model::HttpExchange>(event_record(3, "c").content).id;
  CHECK(replay_of(capture, endpoint.url(),
                  {"--select", "topic==\"topic 1\" && sequence_number>=2", "--repeat", "2"})
            .exit_code == 0);
  CHECK(replay_of(capture, endpoint.url(), {"--id", id}).exit_code == 0);
  CHECK(run_command({"replay", capture.path(), capture.path(), "--to", endpoint.url(), "--select",
                     "line == 2"})
            .exit_code == 0);
  CHECK(texts_of(endpoint.requests()) == Strings{"b", "c", "b", "c", "c", "a", "a"});
}

TEST_CASE("nothing to replay is a failure, unless it may be") {
  const Capture capture = abc();
  const HttpEndpoint endpoint;
  const Outcome outcome = replay_of(capture, endpoint.url(), {"--select", "status == 500"});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "topicloop: error: no event was selected\n"));
  CHECK(replay_of(capture, endpoint.url(), {"--select", "status == 500", "--allow-empty"})
            .exit_code == 0);
}

TEST_CASE("an answer that is not expected fails, and says where and what came") {
  const Capture capture = abc();
  const HttpEndpoint endpoint([](const httplib::Request& request, httplib::Response& response) {
    response.status = event_of(request).text == "b" ? 500 : 200;
    response.set_content("out of paper", "text/plain");
  });
  const Outcome outcome = replay_of(capture, endpoint.url());
  CHECK(outcome.exit_code == 1);
  CHECK(endpoint.requests().size() == 3);
  CHECK(contains(outcome.out,
                 " <-- [500] POST " + endpoint.url() + ": answered 500, expected 2xx ("));
  CHECK(contains(outcome.err, "topicloop: failed: " + capture.path() + ":3: topic 1 #2 ["));
  CHECK(contains(outcome.err, "\n  out of paper\n"));
  CHECK(contains(outcome.err, "topicloop: error: 1 of 3 cases failed\n"));
  CHECK(replay_of(capture, endpoint.url(), {"--expect", "200,5xx"}).exit_code == 0);
}

TEST_CASE("replay --fail-fast skips what comes after the first failure") {
  const Capture capture = abc();
  const HttpEndpoint endpoint([](const httplib::Request& request, httplib::Response& response) {
    response.status = event_of(request).text == "b" ? 500 : 200;
  });
  const Outcome outcome = replay_of(capture, endpoint.url(), {"--fail-fast"});
  CHECK(outcome.exit_code == 1);
  CHECK(endpoint.requests().size() == 2);
  CHECK(contains(outcome.err, "replayed: 1 passed, 1 failed, 0 not answered, 1 skipped in "));
}

TEST_CASE("replay --max-ms fails answers that take longer") {
  const Capture capture({event_record(1, "a")});
  const HttpEndpoint endpoint([](const auto&, const auto&) {
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(3)) {
    }
  });
  CHECK(replay_of(capture, endpoint.url(), {"--max-ms", "86400000"}).exit_code == 0);
  const Outcome outcome = replay_of(capture, endpoint.url(), {"--max-ms", "1"});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, " ms, and 1 were allowed\n"));
}

TEST_CASE("replay --retry-max-time leaves no time for another attempt, and --rate sends them all") {
  const Capture capture({event_record(1, "a")});
  const HttpEndpoint endpoint(Answers({{"a", {503, 503}}}));
  CHECK(replay_of(capture, endpoint.url(), {"--retry", "5", "--retry-max-time", "1ms"}).exit_code ==
        1);
  CHECK(endpoint.requests().size() == 1);
  const HttpEndpoint other;
  CHECK(replay_of(abc(), other.url(), {"--rate", "1000"}).exit_code == 0);
  CHECK(texts_of(other.requests()) == Strings{"a", "b", "c"});
}

TEST_CASE("replay --compare wants the recorded status and body, but for what is ignored") {
  const Capture capture = abc();
  const HttpEndpoint same(answer_as_recorded);
  CHECK(replay_of(capture, same.url(), {"--compare"}).exit_code == 0);
  const HttpEndpoint other([](const auto&, httplib::Response& response) {
    response.set_content("another answer", "text/plain");
  });
  const Outcome outcome = replay_of(capture, other.url(), {"--compare"});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "the answer's body is not the recorded one\n"));
  CHECK(contains(outcome.err, "- recorded a\n"));
  CHECK(contains(outcome.err, "+ another answer\n"));
  const Outcome colored = replay_of(capture, other.url(), {"--compare", "--color", "always"});
  CHECK(contains(colored.err, "\x1b[31m- recorded a\x1b[0m\n"));
  CHECK(contains(colored.err, "\x1b[32m+ another answer\x1b[0m"));
}

TEST_CASE("each event is one record under -o json, and the last one counts") {
  const Capture capture = abc();
  const HttpEndpoint endpoint([](const httplib::Request& request, httplib::Response& response) {
    response.status = event_of(request).text == "b" ? 404 : 201;
  });
  const Outcome outcome = replay_of(capture, endpoint.url(), {"-o", "json", "--concurrency", "3"});
  CHECK(outcome.exit_code == 1);
  const auto responses = records_of(outcome.records(), "response");
  REQUIRE(responses.size() == 3);
  CHECK(responses[0]["outcome"] == "passed");
  CHECK(responses[0]["status"] == 201);
  CHECK(responses[0]["line"] == 2);
  CHECK(responses[0]["file"] == capture.path());
  CHECK(responses[0]["to"] == endpoint.url());
  CHECK(responses[1]["outcome"] == "failed");
  CHECK(responses[1]["reason"] == "answered 404, expected 2xx");
  CHECK(responses[1]["attempts"] == 1);
  CHECK(responses[2]["line"] == 4);
  const auto summary = records_of(outcome.records(), "summary").at(0);
  CHECK(summary["passed"] == 2);
  CHECK(summary["failed"] == 1);
  CHECK(summary["errors"] == 0);
  CHECK(summary["skipped"] == 0);
}

TEST_CASE("-o raw writes the answers' bodies") {
  const HttpEndpoint endpoint(answer_as_recorded);
  CHECK(replay_of(abc(), endpoint.url(), {"-o", "raw"}).out == "recorded arecorded brecorded c");
}

TEST_CASE("an endpoint that answers nothing at all is unreachable, one too slow times out") {
  const Capture capture = abc();
  const Outcome gone = replay_of(capture, "http://127.0.0.1:1/");
  CHECK(gone.exit_code == 4);
  CHECK(contains(gone.err, "topicloop: error: http://127.0.0.1:1/: connection refused\n"));
  const SilentPort silent;
  const Outcome slow =
      replay_of(capture, "http://" + silent.endpoint() + "/", {"--timeout", "1ms"});
  CHECK(slow.exit_code == 124);
}

TEST_CASE("what was left out of a capture cannot be sent, and a bad line ends it with 3") {
  const WithSecret secret;
  auto record = event_record(1, "a");
  record.redacted = {"/text/card"};
  const Capture capture({event_record(0, "before"), record});
  const HttpEndpoint endpoint;
  const Outcome outcome = replay_of(capture, endpoint.url());
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err, capture.path() + ":3: /text/card was left out of the capture"));
  CHECK(endpoint.requests().size() == 1);
  CHECK(replay_of(capture, endpoint.url(), {"--resign"}).exit_code == 0);
  std::ofstream(capture.path(), std::ios::app) << "{}\n{}\n";
  const Outcome bad = replay_of(capture, endpoint.url(), {"--resign"});
  CHECK(bad.exit_code == 3);
  CHECK(contains(bad.err, capture.path() + ":4: "));
}

TEST_CASE("replay --dry-run says what would be sent, and sends nothing") {
  const HttpEndpoint endpoint;
  const Capture capture = abc();
  const Outcome outcome = replay_of(capture, endpoint.url(), {"--dry-run", "-o", "json"});
  CHECK(outcome.exit_code == 0);
  CHECK(endpoint.requests().empty());
  const auto planned = records_of(outcome.records(), "planned");
  REQUIRE(planned.size() == 3);
  CHECK(planned[1]["line"] == 3);
  CHECK(planned[1]["to"] == endpoint.url());
  CHECK(contains(replay_of(capture, endpoint.url(), {"--dry-run"}).err,
                 "3 would be sent, 0 skipped\n"));
}

TEST_CASE("reports are written, and TAP has standard output for itself") {
  const TempDirectory folder;
  const HttpEndpoint endpoint;
  const Outcome outcome = replay_of(
      abc(), endpoint.url(), {"--report", "junit:" + folder.file("r.xml"), "--report", "tap"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("TAP version"));
  CHECK_FALSE(contains(outcome.out, "-->"));
  std::ifstream report(folder.file("r.xml"));
  const std::string xml{std::istreambuf_iterator<char>(report), {}};
  CHECK(contains(xml, "topic 1 #2 ["));
}

TEST_CASE("a signal ends a replay that waits for its next event") {
  auto late = event_record(2, "b");
  late.at += std::chrono::hours(1);
  late.mono_ns += 3'600'000'000'000;
  const Capture capture({event_record(1, "a"), late});
  const HttpEndpoint endpoint;
  Command command({"replay", capture.path(), "--to", endpoint.url(), "--speed", "1"});
  command.out().wait_for(" <-- [200] ");
  CHECK(command.interrupt_and_wait(SIGTERM) == 143);
  CHECK(endpoint.requests().size() == 1);
  CHECK(contains(command.err().text(), "replayed: 1 passed, "));
}
