// SPDX-License-Identifier: Apache-2.0
// serve-webhook through its sinks, with real programs, databases and endpoints.
#include "support/condition.hpp"
#include "support/environment.hpp"
#include "support/http_endpoint.hpp"
#include "support/temp_directory.hpp"
#include "support/webhook_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstdio>
#include <filesystem>
#include <iterator>

using namespace topicloop;
using namespace topicloop::test;
using namespace std::string_literals;
using model::Value;

namespace {

std::string post(const model::WebhookEvent& event) {
  return signed_post("/", event);
}

// The whole answer of an unverified receiver to an event with this text.
std::string answer_to(const WebhookCommand& webhook, const std::string& text) {
  RawClient client(webhook.port());
  client.send(post(event_now(text)));
  return client.receive_until("}");
}

std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  char buffer[4'096];
  for (std::size_t size = 0; (size = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.append(buffer, size);
  CHECK(::pclose(pipe) == 0);
  return output;
}

// This process has no more descriptors than before.
struct DescriptorCount {
  static std::ptrdiff_t now() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  }
};

}  // namespace

TEST_CASE("an event goes through every sink before it is acknowledged") {
  const Service service;
  auto two = service.subscribe("topic 2");
  const TempDirectory folder;
  HttpEndpoint endpoint;
  const std::string database = folder.file("events.db");
  WebhookCommand webhook(
      at(service, {"--register", "topic 1", "--transform", "upper", "--exec", "sed s/L/x/g",
                   "--pipe", "sed -u s/HExxO/bye/", "--sqlite", database, "--forward-to",
                   endpoint.url("/copy"), "--publish-to", "topic 2"}));
  webhook.err().wait_for("registered");
  service.publish("topic 1", "hello");
  // The co-process answers with the event's line, in which it has replaced the text.
  CHECK(next_message(two).value == Value::text("bye"));
  const auto requests = endpoint.requests();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].path == "/copy");
  CHECK(contains(requests[0].body, R"("topic_sequence_number":1,"token_id":"","text":"hello"})"));
  const auto secret = must(service.client.webhook_secret({k_cache, "topicloop-topic-1"}));
  CHECK(requests[0].get_header_value("momento-signature") ==
        webhook::Signer(secret).sign(requests[0].body));
  CHECK(requests[0].get_header_value("Content-Type") == "application/json");
  CHECK(contains(requests[0].get_header_value("User-Agent"), "Momento/1.0"));
  CHECK(output_of("sqlite3 " + database + " 'SELECT topic, text, result FROM events'") ==
        "topic 1|hello|bye\n");
}

TEST_CASE("a sink that fails makes the answer 502, is named in it, and stops the event there") {
  const TempDirectory folder;
  HttpEndpoint endpoint([](const auto&, auto& response) { response.status = 503; });
  const std::string reached = folder.file("reached");
  const auto failing = [&](Arguments arguments) {
    arguments.insert(arguments.end(), {"--no-verify", "-o", "json"});
    WebhookCommand webhook(arguments);
    const std::string answer = answer_to(webhook, "hello");
    CHECK(status_of(answer) == 502);
    CHECK(webhook.interrupt_and_wait() == 130);
    return answer.substr(answer.find("\r\n\r\n") + 4) + " " +
           records_of(webhook.records(), "response").at(0)["reason"].get<std::string>();
  };
  CHECK(failing({"--exec", "false", "--pipe", "sh -c 'cat; : > " + reached + "'"}) ==
        R"({"status":"error","reason":"--exec failed"} --exec failed: the program exited with 1)");
  CHECK_FALSE(std::filesystem::exists(reached));
  CHECK(failing({"--pipe", "true"}).starts_with(R"({"status":"error","reason":"--pipe failed"})"));
  const std::string url = endpoint.url("/a?key=hush");
  const std::string shown = endpoint.url("/a");
  CHECK(failing({"--forward-to", url}) == R"({"status":"error","reason":"forwarding to )" + shown +
                                              R"( failed"} forwarding to )" + shown +
                                              " failed: it answered 503");
  CHECK(contains(failing({"--forward-to", "http://me:hush@127.0.0.1:1/"}),
                 "forwarding to http://127.0.0.1:1/ failed: connection refused"));
}

TEST_CASE("an event whose program writes nothing is acknowledged and not published") {
  const Service service;
  auto two = service.subscribe("topic 2");
  WebhookCommand webhook(at(
      service, {"--no-verify", "--exec", "sh -c 'grep keep || true'", "--publish-to", "topic 2"}));
  CHECK(webhook.send(post(event_now("drop"))) == 200);
  CHECK(webhook.send(post(event_now("keep"))) == 200);
  CHECK(next_message(two).value == Value::text("keep"));
}

TEST_CASE("what a program writes is published as bytes with --binary") {
  const Service service;
  auto two = service.subscribe("topic 2");
  WebhookCommand webhook(at(service, {"--no-verify", "--exec", "printf 'a\\377'", "--binary",
                                      "--publish-to", "topic 2"}));
  CHECK(webhook.send(post(event_now("x"))) == 200);
  CHECK(next_message(two).value == Value::binary("a\xFF"));
}

TEST_CASE("a program that takes longer than --exec-timeout fails its event") {
  WebhookCommand webhook({"--no-verify", "--exec", "sleep 1000", "--exec-timeout", "20ms"});
  CHECK(webhook.send(post(event_now("x"))) == 502);
  webhook.out().wait_for("--exec failed: the program did not end within 20 ms");
}

TEST_CASE("events that wait for one of --exec-concurrency places are done one after another") {
  const TempDirectory folder;
  const std::string alone = folder.file("alone");
  WebhookCommand webhook({"--no-verify", "--exec-concurrency", "1", "--exec",
                          "sh -c 'mkdir " + alone + " && rmdir " + alone + "'"});
  std::vector<std::thread> senders;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    senders.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        if (webhook.send(post(event_now("x"))) == 200) ++good;
      }
    });
  }
  for (auto& sender : senders)
    sender.join();
  CHECK(good == 160);
}

TEST_CASE("a co-process that takes longer than --pipe-timeout fails its event") {
  WebhookCommand webhook({"--no-verify", "--pipe", "sleep 1000", "--pipe-timeout", "20ms"});
  CHECK(webhook.send(post(event_now("x"))) == 502);
  webhook.out().wait_for("--pipe failed: the program did not answer within 20 ms");
}

TEST_CASE("a thousand events through a program leave no descriptor and no process behind") {
  constexpr int k_events = 1'000;
  WebhookCommand webhook({"--no-verify", "--exec", "cat"});
  RawClient client(webhook.port());
  const std::string request = post(event_now("x"));
  const auto send = [&] {
    client.send(request);
    return status_of(client.receive_until("}"));
  };
  REQUIRE(send() == 200);
  const auto before = DescriptorCount::now();
  int good = 0;
  for (int i = 0; i < k_events; ++i)
    good += send() == 200 ? 1 : 0;
  CHECK(good == k_events);
  CHECK(DescriptorCount::now() == before);
  const std::string children =
      content_of("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  CHECK(children.empty());
}

TEST_CASE("a topic to publish to may be made of the event's topic and cache") {
  const Service service;
  auto done = service.subscribe("done/news/my-cache");
  WebhookCommand webhook(
      at(service, {"--no-verify", "--publish-to", "done/{topic}/{cache}", "--publish-to", "{x}"}));
  CHECK(webhook.send(post(event_now("hello"))) == 200);
  CHECK(next_message(done).value == Value::text("hello"));
}

TEST_CASE("publishing to the topic that is registered is refused also where it is made") {
  const Service service;
  const Outcome outcome = run_command(
      at(service, WebhookCommand::with({"--register", "topic 1", "--publish-to", "{topic}"})));
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "every message would go round for ever"));
}

TEST_CASE("a redelivered event is one row of the database") {
  const TempDirectory folder;
  const std::string database = folder.file("events.db");
  {
    WebhookCommand webhook({"--no-verify", "--sqlite", database});
    const auto event = event_now("hello");
    for (int i = 0; i < 3; ++i)
      CHECK(webhook.send(post(event)) == 200);
  }
  CHECK(output_of("sqlite3 " + database + " 'SELECT events, deliveries FROM topics'") == "1|3\n");
}

TEST_CASE("the signing secret is not given to programs") {
  const Service service;
  auto two = service.subscribe("topic 2");
  const Variable variable("TOPICLOOP_WEBHOOK_SECRET", "secret");
  WebhookCommand webhook(
      at(service, {"--exec", "sh -c 'echo \"<$TOPICLOOP_WEBHOOK_SECRET>$TOPICLOOP_TOPIC\"'",
                   "--publish-to", "topic 2"}));
  CHECK(webhook.send(post(event_now("x"))) == 200);
  CHECK(next_message(two).value == Value::text("<>news"));
}

TEST_CASE("a program, command, database or URL that is no good ends serve-webhook and is named") {
  const TempDirectory folder;
  const auto error_of = [](const Arguments& arguments, int exit_code) {
    Arguments all = WebhookCommand::with(arguments);
    all.emplace_back("--no-verify");
    const Outcome outcome = run_command(all);
    CHECK(outcome.exit_code == exit_code);
    return outcome.err;
  };
  CHECK(contains(error_of({"--exec", "no-such-program x"}, 3),
                 "--exec: there is no program \"no-such-program\" in PATH"));
  CHECK(contains(error_of({"--pipe", "/nowhere/x"}, 3),
                 "--pipe: \"/nowhere/x\" is not a program that can be run"));
  CHECK(contains(error_of({"--exec", "a | b"}, 2), "--exec: \"a | b\" has an unquoted |"));
  CHECK(contains(error_of({"--pipe", "'a"}, 2), "--pipe: \"'a\" has an open '"));
  CHECK(contains(error_of({"--sqlite", folder.file("none/db")}, 3), folder.file("none/db")));
  CHECK(contains(error_of({"--forward-to", "ftp://x"}, 2), "--forward-to: URL \"ftp://x\""));
  for (const char* count : {"0", "257", "x"})
    CHECK(contains(error_of({"--exec", "cat", "--exec-concurrency", count}, 2),
                   "--exec-concurrency"));
  CHECK(contains(error_of({"--exec-timeout", "1s"}, 2), "--exec"));
  CHECK(contains(error_of({"--binary"}, 2), "--exec"));
  CHECK(contains(error_of({"--pipe-timeout", "1s"}, 2), "--pipe"));
  CHECK(contains(error_of({"--exec", "cat", "--exec-timeout", "soon"}, 2),
                 "--exec-timeout: \"soon\""));
  CHECK(contains(error_of({"--pipe", "cat", "--pipe-timeout", "soon"}, 2),
                 "--pipe-timeout: \"soon\""));
  CHECK(contains(error_of({"--exec", "cat", "--exec-timeout", "0"}, 2),
                 "--exec-timeout: must be longer than 0"));
  CHECK(contains(error_of({"--pipe", "cat", "--pipe-timeout", "0s"}, 2),
                 "--pipe-timeout: must be longer than 0"));
  CHECK(contains(error_of({"--publish-to", " "}, 2), "--publish-to"));
}
