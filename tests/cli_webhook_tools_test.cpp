// SPDX-License-Identifier: Apache-2.0
// webhook send, sign and verify.
#include "support/forward_command.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_target.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

const std::string k_body = "{\"a\":1}\n";

std::string signature_of(const std::string& body) {
  return webhook::Signer("secret").sign(body);
}

}  // namespace

TEST_CASE("webhook send posts one event that a receiver accepts and shows the answer") {
  const WithSecret secret;
  WebhookTarget target;
  const Outcome outcome =
      run_command({"webhook", "send", target.receiver().url(), "--text", "straße", "--topic",
                   "news", "--cache", "c", "--sequence-number", "7", "--token-id", "me"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK(contains(outcome.out, " --> news #7 ["));
  CHECK(contains(outcome.out, " <-- [200] POST " + target.receiver().url() + " ("));
  REQUIRE(target.received().size() == 1);
  const model::WebhookEvent event = target.received()[0].event;
  CHECK(event.cache == "c");
  CHECK(event.topic == "news");
  CHECK(event.topic_sequence_number == 7);
  CHECK(event.token_id == "me");
  CHECK(event.text == "straße");
}

TEST_CASE("webhook send takes its text from a file or standard input byte for byte") {
  const WithSecret secret;
  const TempDirectory directory;
  const HttpEndpoint endpoint;
  CHECK(run_command({"webhook", "send", endpoint.url(), "-f", directory.write("f", "a\nb\n")})
            .exit_code == 0);
  CHECK(run_command({"webhook", "send", endpoint.url(), "--file", "-"}, "c\n").exit_code == 0);
  CHECK(texts_of(endpoint.requests()) == std::vector<std::string>{"a\nb\n", "c\n"});
}

TEST_CASE("webhook send ends with 1 and the reason for an answer that is not 2xx") {
  const WithSecret secret;
  WebhookTarget target;
  const Outcome outcome =
      run_command({"webhook", "send", target.receiver().url(), "--age", "2m", "-o", "json"});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "answered 403: "));
  CHECK(contains(outcome.err, "the event is older than"));
  const auto delivery = outcome.records().at(0);
  CHECK(delivery["type"] == "delivery");
  CHECK(delivery["status"] == 403);
  CHECK(delivery["delivered"] == false);
}

TEST_CASE("webhook send ends with 1 if there is no answer") {
  const WithSecret secret;
  const Outcome outcome = run_command({"webhook", "send", "http://127.0.0.1:1/"});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "http://127.0.0.1:1/: connection refused\n"));
  std::promise<void> over;
  const auto ended = over.get_future().share();
  const HttpEndpoint slow([&](const auto&, auto&) { ended.wait_for(k_patience); });
  const Outcome late = run_command({"webhook", "send", slow.url(), "--timeout", "50ms"});
  over.set_value();
  CHECK(late.exit_code == 1);
  CHECK(contains(late.err, "no answer within 50ms"));
}

TEST_CASE("a stop ends webhook send at once") {
  const WithSecret secret;
  std::promise<void> over;
  const auto ended = over.get_future().share();
  const HttpEndpoint slow([&](const auto&, auto&) { ended.wait_for(k_patience); });
  Command command({"webhook", "send", slow.url(), "--timeout", "1h"});
  REQUIRE(eventually([&] { return slow.requests().size() == 1; }));
  CHECK(command.interrupt_and_wait() == 130);
  over.set_value();
}

TEST_CASE("webhook sign prints the signature of a file or of standard input") {
  const WithSecret secret;
  const TempDirectory directory;
  const std::string file = directory.write("body", k_body);
  CHECK(run_command({"webhook", "sign", file}).out == signature_of(k_body) + "\n");
  CHECK(run_command({"webhook", "sign"}, k_body).out == signature_of(k_body) + "\n");
  CHECK(run_command({"webhook", "sign", "-"}, "").out == signature_of("") + "\n");
  const auto record = run_command({"webhook", "sign", "-o", "json"}, k_body).records().at(0);
  CHECK(record["type"] == "signature");
  CHECK(record["signature"] == signature_of(k_body));
}

TEST_CASE("webhook sign gives the signature of Momento's own test") {
  const Variable secret("TOPICLOOP_WEBHOOK_SECRET", "1234567890");
  CHECK(run_command({"webhook", "sign"},
                    "{\"text\":\"some text\", \"another_field\": \"another field\" }")
            .out == "b43f72787eb66410ff110295b036ef828e5686af21b414ce092f02c05deea3da\n");
}

TEST_CASE("webhook verify tells a genuine body from any other") {
  const WithSecret secret;
  const Outcome valid =
      run_command({"webhook", "verify", "--signature", signature_of(k_body)}, k_body);
  CHECK(valid.exit_code == 0);
  CHECK(valid.out == "valid\n");
  CHECK(valid.err.empty());
  const Outcome invalid =
      run_command({"webhook", "verify", "--signature", signature_of(k_body)}, "{}");
  CHECK(invalid.exit_code == 1);
  CHECK(invalid.out == "invalid\n");
  CHECK(contains(invalid.err, "topicloop: error: the signature does not match\n"));
  CHECK(contains(invalid.err, "--explain"));
}

TEST_CASE("webhook verify accepts any of several secrets") {
  const TempDirectory directory;
  const Outcome outcome = run_command(
      {"webhook", "verify", "--signature", signature_of(k_body), "--secret-file",
       directory.write("old", "other\n"), "--secret-file", directory.write("new", "secret\n")},
      k_body);
  CHECK(outcome.exit_code == 0);
}

TEST_CASE("webhook verify checks the age of an event if it is told to") {
  const WithSecret secret;
  auto event = event_now("x");
  const auto verify = [&](const std::string& max_age) {
    const std::string body = webhook::to_json(event);
    return run_command(
        {"webhook", "verify", "--signature", signature_of(body), "--max-age", max_age, "--explain"},
        body);
  };
  CHECK(verify("60s").exit_code == 0);
  event.publish_timestamp -= 90'000;
  CHECK(verify("0").exit_code == 0);
  const Outcome old = verify("60s");
  CHECK(old.exit_code == 1);
  CHECK(contains(old.out, "invalid\n- the event was fired 90."));
  CHECK(contains(old.err, "the event is older than 60000 ms"));
  const Outcome no_event =
      run_command({"webhook", "verify", "--signature", signature_of("x"), "--max-age", "60s"}, "x");
  CHECK(no_event.exit_code == 1);
  CHECK(contains(no_event.err, "not valid JSON"));
}

TEST_CASE("webhook verify --explain says what happened and never shows a secret") {
  const WithSecret secret;
  const std::string signature = signature_of(k_body);
  const Outcome text =
      run_command({"webhook", "verify", "--signature", signature, "--explain"}, "{\"a\":1}");
  CHECK(text.exit_code == 1);
  CHECK(text.out == "invalid\n- what was signed ends with a line break that the body has not\n");
  const Outcome json = run_command(
      {"webhook", "verify", "--signature", signature, "--explain", "-o", "json"}, "other");
  const auto record = json.records().at(0);
  CHECK(record["type"] == "verification");
  CHECK(record["valid"] == false);
  CHECK(record["explanation"].size() == 2);
  CHECK_FALSE(contains(text.out + text.err + json.out + json.err, "secret\""));
}

TEST_CASE("without a secret the webhook tools end with 2 and say where to get one") {
  for (const Arguments& arguments :
       std::vector<Arguments>{{"webhook", "send", "http://127.0.0.1:1/"},
                              {"webhook", "sign"},
                              {"webhook", "verify", "--signature", "0"}}) {
    const Outcome outcome = run_command(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, "--secret-file FILE or TOPICLOOP_WEBHOOK_SECRET"));
  }
}

TEST_CASE("the webhook tools name what they cannot use") {
  const WithSecret secret;
  const auto code_and_words = [](Arguments arguments, const std::string& words) {
    const Outcome outcome = run_command(std::move(arguments));
    INFO(outcome.err);
    CHECK(contains(outcome.err, words));
    return outcome.exit_code;
  };
  const std::string url = "http://127.0.0.1:1/";
  CHECK(code_and_words({"webhook", "sign", "/nonexistent/body"}, "/nonexistent/body") == 3);
  CHECK(code_and_words({"webhook", "verify", "/nonexistent/body", "--signature", "0"},
                       "/nonexistent/body") == 3);
  CHECK(code_and_words({"webhook", "verify"}, "--signature") == 2);
  CHECK(code_and_words({"webhook", "verify", "--signature", "0", "--max-age", "x"}, "--max-age") ==
        2);
  CHECK(code_and_words({"webhook", "send", "here"}, "not an absolute URL") == 2);
  CHECK(code_and_words({"webhook", "send", url, "--age", "x"}, "--age") == 2);
  CHECK(code_and_words({"webhook", "send", url, "--timeout", "x"}, "--timeout") == 2);
  CHECK(code_and_words({"webhook", "send", url, "--sequence-number", "0"}, "--sequence-number") ==
        2);
  CHECK(code_and_words({"webhook", "send", url, "--text", "\xFF"}, "--text: not UTF-8") == 2);
  CHECK(code_and_words({"webhook", "send", url, "--token-id", "\xFF"}, "--token-id") == 2);
  CHECK(code_and_words({"webhook", "send", url, "--topic", ""}, "--topic") == 2);
  CHECK(code_and_words({"webhook", "send", url, "--text", "x", "--file", "f"}, "--file") == 2);
  const TempDirectory directory;
  CHECK(code_and_words({"webhook", "send", url, "--file", directory.write("f", "\xFF")},
                       "not UTF-8") == 3);
}
