// SPDX-License-Identifier: Apache-2.0
#include "support/captures.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>

#include <csignal>

using namespace topicloop;
using namespace topicloop::test;
using model::Verification;

namespace {

model::HttpExchange exchange_in(const model::CaptureRecord& record) {
  return std::get<model::HttpExchange>(record.content);
}

// How often each header was captured, in the spelling it was sent with.
std::vector<std::string> values_of(const model::HttpExchange& exchange, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& [header, value] : exchange.request.headers) {
    if (header == name) values.push_back(value);
  }
  return values;
}

// No file may grow beyond `size` bytes, as on a full disk.
class FullDisk {
public:
  explicit FullDisk(rlim_t size) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit full{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("serve-webhook --capture keeps each request and our answer, accepted or not") {
  const TempDirectory folder;
  const std::string file = folder.file("c.jsonl");
  WebhookCommand webhook({"--secret-file", folder.write("secret", "secret"), "--capture", file});
  const auto event = event_now("grüße");
  CHECK(webhook.send(signed_post("/?a=b", event, "secret", "X-Twice: 1\r\nX-Twice: 2\r\n")) == 200);
  CHECK(webhook.send(unsigned_post("/", "\xFF")) == 401);
  CHECK(webhook.send(signed_post("/other", event)) == 404);

  const auto read = read_capture(file);  // While it is still being written to.
  CHECK(read.error.empty());
  REQUIRE(read.records.size() == 3);
  const auto accepted = exchange_in(read.records[0]);
  CHECK(accepted.request.method == "POST");
  CHECK(accepted.request.target == "/?a=b");
  CHECK(accepted.request.version == "HTTP/1.1");
  CHECK(accepted.request.body == webhook::to_json(event));
  CHECK(values_of(accepted, "X-Twice") == std::vector<std::string>{"1", "2"});
  CHECK(values_of(accepted, "momento-signature") ==
        std::vector{webhook::Signer("secret").sign(accepted.request.body)});
  CHECK(values_of(accepted, "REMOTE_ADDR").empty());
  CHECK(accepted.verification.outcome == Verification::Outcome::Verified);
  CHECK(accepted.response.status == 200);
  CHECK(accepted.response.body == R"({"status":"success"})");
  CHECK(read.records[0].mono_ns > 0);

  const auto refused = exchange_in(read.records[1]);
  CHECK(refused.request.body == "\xFF");
  CHECK(refused.verification ==
        Verification{Verification::Outcome::Failed, "the request is not signed"});
  CHECK(refused.response.status == 401);
  CHECK(refused.reason == "the request is not signed");

  const auto lost = exchange_in(read.records[2]);
  CHECK_FALSE(lost.request.body_received);
  CHECK(lost.verification.outcome == Verification::Outcome::NotChecked);
  CHECK(lost.response.status == 404);
}

TEST_CASE("serve-webhook answers 500 to what it could not capture, and captures again later") {
  const TempDirectory folder;
  const std::string file = folder.file("c.jsonl");
  WebhookCommand webhook({"--no-verify", "--capture", file});
  CHECK(webhook.send(signed_post("/", event_now("1"))) == 200);
  {
    const FullDisk full(std::filesystem::file_size(file) + 10);
    CHECK(webhook.send(signed_post("/", event_now("2"))) == 500);
  }
  CHECK(webhook.send(signed_post("/", event_now("3"))) == 200);
  CHECK(read_capture(file).records.size() == 2);
  CHECK(webhook.interrupt_and_wait() == 130);
  CHECK(contains(webhook.out().text(), "cannot capture to " + file + ": File too large"));
}

TEST_CASE("keys never get into a capture, nor does what --redact names") {
  const TempDirectory folder;
  const std::string file = folder.file("c.jsonl");
  WebhookCommand webhook(
      {"--no-verify", "--capture", file, "--redact", "X-Private", "--redact", "/text/card/number"});
  const auto event = event_now(R"({"card":{"number":"4111"},"z":1,"a":1.50})");
  CHECK(webhook.send(signed_post("/?token=hush1&a=b", event, "secret",
                                 "Authorization: Bearer hush2\r\nx-private: hush3\r\n")) == 200);
  std::ifstream stream(file);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  CHECK_FALSE(contains(bytes, "hush"));
  CHECK_FALSE(contains(bytes, "4111"));

  const auto read = read_capture(file);
  REQUIRE(read.records.size() == 1);
  CHECK(read.records[0].redacted == std::vector<std::string>{"header:authorization",
                                                             "header:x-private", "query:token",
                                                             "/text/card/number"});
  const auto kept = exchange_in(read.records[0]);
  CHECK(kept.request.target == "/?token=redacted&a=b");
  CHECK(webhook::parse_event(kept.request.body)->text ==
        R"({"card":{"number":"[redacted]"},"z":1,"a":1.50})");
}

TEST_CASE("subscribe --capture keeps what matches, before it is shown") {
  const TempDirectory folder;
  const Service service;
  const std::string file = folder.file("c.jsonl.zst");
  Command subscribe(
      at(service, {"subscribe", "t", "-n", "2", "--match", "yes", "--capture", file}));
  subscribe.err().wait_for("subscribed");
  service.publish("t", "yes 1");
  service.publish("t", "no");
  must(service.client.publish(k_cache, "t", model::Value::binary("yes \xFF")));
  CHECK(subscribe.wait() == 0);
  const auto read = read_capture(file);
  REQUIRE(read.records.size() == 2);
  const auto first = std::get<model::Message>(read.records[0].content);
  CHECK(first.topic == "t");
  CHECK(first.cache == k_cache);
  CHECK(first.sequence_number == 1);
  CHECK(first.value == model::Value::text("yes 1"));
  const auto second = std::get<model::Message>(read.records[1].content);
  CHECK(second.value == model::Value::binary("yes \xFF"));
}

TEST_CASE("subscribe ends with 3 when a message cannot be captured, and does not note it as seen") {
  const TempDirectory folder;
  const Service service;
  const std::string file = folder.file("c.jsonl");
  const std::string resume = folder.file("resume.json");
  Command subscribe(at(service, {"subscribe", "t", "--capture", file, "--resume-file", resume}));
  subscribe.err().wait_for("subscribed");
  const FullDisk full(std::filesystem::file_size(file) + 500);
  service.publish("t", std::string(1'000, 'x'));
  CHECK(subscribe.wait() == 3);
  CHECK(contains(subscribe.err().text(), "cannot capture to " + file + ": File too large"));
  CHECK(subscribe.out().text().empty());
  std::ifstream stream(resume);
  const std::string noted{std::istreambuf_iterator<char>(stream), {}};
  CHECK(contains(noted, "\"sequence_number\":1,"));
}

TEST_CASE("a capture that cannot be begun is an error before anything else is done") {
  const Outcome outcome =
      run_command({"subscribe", "t", "--capture", "/nonexistent/c", "--local", k_nowhere});
  CHECK(outcome.exit_code == 3);
  CHECK(contains(outcome.err,
                 "topicloop: error: cannot capture to /nonexistent/c: No such file or directory"));
  const Outcome served =
      run_command(WebhookCommand::with({"--no-verify", "--capture", "/nonexistent/c"}));
  CHECK(served.exit_code == 3);
}

TEST_CASE("a --redact needs --capture, and a header's name or a pointer") {
  const auto error_of = [](const Arguments& flags) {
    Arguments arguments{"subscribe", "t"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Outcome outcome = run_command(arguments);
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  CHECK(contains(error_of({"--redact", "X-Key"}), "--redact needs --capture too"));
  CHECK(contains(error_of({"--capture", "c", "--redact", "a b"}),
                 "--redact: \"a b\" is neither a header's name nor a JSON pointer"));
  CHECK(contains(error_of({"--capture", "c", "--redact", "/a~2"}),
                 "--redact: \"/a~2\" is no JSON pointer: write ~ as ~0 and / as ~1"));
  CHECK(contains(error_of({"--capture", ""}), "--capture: a file must have a name"));
}
