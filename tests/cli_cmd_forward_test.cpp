// SPDX-License-Identifier: Apache-2.0
#include "support/forward_command.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

namespace {

using Strings = std::vector<std::string>;

// The request without what depends on the moment.
httplib::Headers lasting_headers(const httplib::Request& request) {
  auto headers = request.headers;
  for (const char* name : {"Host", "momento-signature", "REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR",
                           "LOCAL_PORT", "Content-Length"})
    headers.erase(name);
  return headers;
}

std::string body_at(const httplib::Request& request, std::int64_t time) {
  auto event = event_of(request);
  event.event_timestamp = event.publish_timestamp = time;
  return webhook::to_json(event);
}

}  // namespace

TEST_CASE("forward sends what a webhook of the service would have sent") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint by_webhook;
  const HttpEndpoint by_forward;
  must(service.client.put_webhook({{k_cache, "w"}, "t", by_webhook.url()}));
  service.publish("t", "straße \"\\ \x01");
  must(service.client.publish(k_cache, "t", model::Value::binary(std::string("\x00\xFF", 2))));
  CHECK(run_command(forward_from(service, by_forward.url(), {"-n", "2", "--ordered"})).exit_code ==
        0);
  REQUIRE(eventually([&] { return by_webhook.requests().size() == 2; }));
  REQUIRE(by_forward.requests().size() == 2);
  for (const auto& expected : by_webhook.requests()) {
    const auto number = event_of(expected).topic_sequence_number;
    const auto actual = by_forward.requests()[number - 1];
    CHECK(actual.method == "POST");
    CHECK(body_at(actual, 1) == body_at(expected, 1));
    CHECK(lasting_headers(actual) == lasting_headers(expected));
    CHECK(actual.get_header_value("momento-signature") ==
          webhook::Signer("secret").sign(actual.body));
  }
}

TEST_CASE("every URL gets every message of every topic") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint one;
  const HttpEndpoint two;
  service.publish("t", "a");
  service.publish("u", "b");
  const Outcome outcome =
      run_command(at(service, {"forward", "t", "u", "t", "--to", one.url(), "--to", two.url(),
                               "--from", "beginning", "-n", "2"}));
  CHECK(outcome.exit_code == 0);
  for (const auto* endpoint : {&one, &two}) {
    auto texts = texts_of(endpoint->requests());
    std::sort(texts.begin(), texts.end());
    CHECK(texts == Strings{"a", "b"});
  }
  CHECK(contains(outcome.err, "forwarding \"t\", \"u\" to " + one.url() + ", " + two.url() + "\n"));
}

TEST_CASE("each attempt is two lines in text") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"a", {503}}}));
  service.publish("t", "a");
  const Outcome outcome = run_command(forward_from(service, endpoint.url(), {"-n", "1"}));
  CHECK(outcome.exit_code == 0);
  std::istringstream lines(outcome.out);
  Strings all;
  for (std::string line; std::getline(lines, line);)
    all.push_back(line);
  REQUIRE(all.size() == 4);
  CHECK(contains(all[0], " --> t #1 ["));
  CHECK(contains(all[1], " <-- [503] POST " + endpoint.url() + ": again in "));
  CHECK(contains(all[2], " --> t #1 ["));
  CHECK(contains(all[3], " <-- [200] POST " + endpoint.url() + " ("));
  CHECK(contains(outcome.err, "forwarded: 1 delivered, 0 dead-lettered, 0 failed, 1 retried\n"));
}

TEST_CASE("each attempt is a delivery record under -o json") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"a", {503, 429}}}));
  service.publish("t", "a");
  const Outcome outcome =
      run_command(forward_from(service, endpoint.url(), {"-n", "1", "-o", "json"}));
  CHECK(outcome.exit_code == 0);
  const auto deliveries = records_of(outcome.records(), "delivery");
  REQUIRE(deliveries.size() == 3);
  CHECK(deliveries[0]["status"] == 503);
  CHECK(deliveries[0]["attempt"] == 1);
  CHECK(deliveries[0]["delivered"] == false);
  CHECK(deliveries[0]["retry_in_ms"] > 0);
  CHECK(deliveries[1]["status"] == 429);
  CHECK(deliveries[2]["delivered"] == true);
  CHECK(deliveries[2]["attempt"] == 3);
  CHECK(deliveries[2]["topic"] == "t");
  CHECK(deliveries[2]["cache"] == k_cache);
  CHECK(deliveries[2]["topic_sequence_number"] == 1);
  CHECK(deliveries[2]["url"] == endpoint.url());
  CHECK_FALSE(deliveries[2].contains("retry_in_ms"));
  CHECK_FALSE(deliveries[2].contains("webhook"));
  const auto summary = records_of(outcome.records(), "summary").at(0);
  CHECK(summary["received"] == 1);
  CHECK(summary["delivered"] == 1);
  CHECK(summary["retries"] == 2);
  CHECK(summary["failed"] == 0);
  CHECK(summary["open"] == 0);
}

TEST_CASE("a retry is signed anew and says when the message came first") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"a", {503}}}));
  service.publish("t", "a");
  run_command(forward_from(service, endpoint.url(), {"-n", "1"}));
  REQUIRE(endpoint.requests().size() == 2);
  const auto first = event_of(endpoint.requests()[0]);
  const auto second = event_of(endpoint.requests()[1]);
  CHECK(first.event_timestamp == second.event_timestamp);
  CHECK(first.publish_timestamp < second.publish_timestamp);
  CHECK(endpoint.requests()[1].get_header_value("momento-signature") ==
        webhook::Signer("secret").sign(endpoint.requests()[1].body));
}

TEST_CASE("in order a message waits for the retries of the one before it") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"1", {500, 503}}, {"3", {429}}}));
  for (const char* text : {"1", "2", "3", "4"})
    service.publish("t", text);
  const Outcome outcome =
      run_command(forward_from(service, endpoint.url(), {"-n", "4", "--ordered"}));
  CHECK(outcome.exit_code == 0);
  CHECK(texts_of(endpoint.requests()) == Strings{"1", "1", "1", "2", "3", "3", "4"});
}

TEST_CASE("without an order a message does not wait for the retries of another") {
  const WithSecret secret;
  const Service service;
  // The first is tried until the second has come.
  std::atomic<bool> second_came = false;
  const HttpEndpoint endpoint([&](const auto& request, auto& response) {
    if (event_of(request).text == "2") second_came = true;
    response.status = second_came ? 200 : 503;
  });
  service.publish("t", "1");
  service.publish("t", "2");
  CHECK(run_command(forward_from(service, endpoint.url(), {"-n", "2", "--retry", "1000"}))
            .exit_code == 0);
}

TEST_CASE("as many deliveries are under way at a time as --concurrency says") {
  const WithSecret secret;
  const Service service;
  std::atomic<int> under_way = 0;
  std::atomic<int> most = 0;
  const HttpEndpoint endpoint([&](const auto&, auto&) {
    const int now = ++under_way;
    if (now > most) most = now;
    // Until another one has come, or could not have.
    static_cast<void>(eventually([&] { return most >= 2; }, std::chrono::seconds(5)));
    --under_way;
  });
  for (int i = 0; i < 10; ++i)
    service.publish("t", "x");
  CHECK(run_command(forward_from(service, endpoint.url(), {"-n", "10", "--concurrency", "2"}))
            .exit_code == 0);
  CHECK(most == 2);
}

TEST_CASE("what cannot be delivered is counted and ends with 1") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"bad", {400}}, {"broken", {500, 500, 500}}}));
  for (const char* text : {"bad", "broken", "good"})
    service.publish("t", text);
  const Outcome outcome = run_command(forward_from(
      service, endpoint.url(), {"-n", "3", "--retry", "2", "--ordered", "-o", "json"}));
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "warning: \"t\" #1 was not delivered to " + endpoint.url() +
                                  " after 1 attempt: status 400\n"));
  CHECK(contains(outcome.err, "warning: \"t\" #2 was not delivered to " + endpoint.url() +
                                  " after 3 attempts: status 500\n"));
  CHECK(contains(outcome.err, "topicloop: error: 2 deliveries failed\n"));
  CHECK(contains(outcome.err, "--dead-letter FILE"));
  const auto summary = records_of(outcome.records(), "summary").at(0);
  CHECK(summary["failed"] == 2);
  CHECK(summary["delivered"] == 1);
  CHECK(outcome.records().back()["type"] == "error");
}

TEST_CASE(
    "by default nothing but one attempt is made for what will not pass and several for others") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"a", {404}}}));
  service.publish("t", "a");
  CHECK(run_command(forward_from(service, endpoint.url(), {"-n", "1"})).exit_code == 1);
  CHECK(endpoint.requests().size() == 1);
}

TEST_CASE("with --retry 0 there is one attempt as the hosted service does") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"a", {503}}}));
  service.publish("t", "a");
  CHECK(run_command(forward_from(service, endpoint.url(), {"-n", "1", "--retry", "0"})).exit_code ==
        1);
  CHECK(endpoint.requests().size() == 1);
}

TEST_CASE("a --retry-max-time ends the attempts before their number does") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint([](const auto&, auto& response) { response.status = 503; });
  service.publish("t", "a");
  CHECK(run_command(forward_from(service, endpoint.url(),
                                 {"-n", "1", "--retry", "1000", "--retry-max-time", "1ms"}))
            .exit_code == 1);
  CHECK(endpoint.requests().size() == 1);
}

TEST_CASE("an endpoint that does not answer within --timeout has failed") {
  const WithSecret secret;
  const Service service;
  std::promise<void> over;
  const auto ended = over.get_future().share();
  const HttpEndpoint endpoint([&](const auto&, auto&) { ended.wait_for(k_patience); });
  service.publish("t", "a");
  const Outcome outcome = run_command(
      forward_from(service, endpoint.url(), {"-n", "1", "--retry", "0", "--timeout", "50ms"}));
  over.set_value();
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "after 1 attempt: no answer within 50ms\n"));
}

TEST_CASE("an endpoint that fails and does well again is told of once each time") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"1", {503, 503, 503, 503}}, {"3", {500, 500, 500, 500}}}));
  for (const char* text : {"1", "2", "3", "4"})
    service.publish("t", text);
  const Outcome outcome =
      run_command(forward_from(service, endpoint.url(), {"-n", "4", "--ordered", "--retry", "4"}));
  CHECK(outcome.exit_code == 0);
  const std::string warning = "topicloop: warning: " + endpoint.url();
  CHECK(outcome.err.substr(outcome.err.find(warning)) ==
        warning + " fails: status 503\n" + warning + " does well again\n" + warning +
            " fails: status 500\n" + warning + " does well again\n" +
            "forwarded: 4 delivered, 0 dead-lettered, 0 failed, 8 retried\n");
}

TEST_CASE("the secret of a webhook on the service signs with --webhook") {
  const Service service;
  const std::string secret =
      must(service.client.put_webhook({{k_cache, "w"}, "other", "http://127.0.0.1:1/"}));
  const HttpEndpoint endpoint;
  service.publish("t", "a");
  CHECK(
      run_command(forward_from(service, endpoint.url(), {"-n", "1", "--webhook", "w"})).exit_code ==
      0);
  REQUIRE(endpoint.requests().size() == 1);
  CHECK(endpoint.requests()[0].get_header_value("momento-signature") ==
        webhook::Signer(secret).sign(endpoint.requests()[0].body));
}

TEST_CASE("what --from says is forwarded and by default only what is new") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint;
  for (const char* text : {"1", "2", "3"})
    service.publish("t", text);
  CHECK(run_command(at(service, {"forward", "t", "--to", endpoint.url(), "--from", "3", "-n", "1"}))
            .exit_code == 0);
  Command command(at(service, {"forward", "t", "--to", endpoint.url(), "-n", "1"}));
  command.err().wait_for("forwarding");
  service.publish("t", "4");
  CHECK(command.wait() == 0);
  CHECK(texts_of(endpoint.requests()) == Strings{"3", "4"});
}

TEST_CASE("forward refuses what makes no sense with 2 and says what would") {
  struct Row {
    Arguments arguments;
    std::string words;
  };
  const std::string url = "http://127.0.0.1:1/";
  const std::vector<Row> rows = {
      {{"forward", "t"}, "give --to URL or --lambda URL"},
      {{"forward", "--to", url}, "topic"},
      {{"forward", "t", "--to", "here"}, "--to: URL \"here\" is not an absolute URL"},
      {{"forward", "t", "--to", "ftp://h/"}, "is neither http nor https"},
      {{"forward", "t", "--lambda", "x"}, "--lambda: URL \"x\""},
      {{"forward", "t", "--to", url, "--dead-letter", "f", "--resume-file", "f"},
       "--dead-letter and --resume-file name the same file"},
      {{"forward", "t", "--to", url, "--retry", "-1"}, "--retry"},
      {{"forward", "t", "--to", url, "--retry", "many"}, "--retry"},
      {{"forward", "t", "--to", url, "--retry-max-time", "x"},
       "--retry-max-time: \"x\" is not a duration"},
      {{"forward", "t", "--to", url, "--timeout", "x"}, "--timeout: \"x\" is not a duration"},
      {{"forward", "t", "--to", url, "--concurrency", "0"}, "--concurrency"},
      {{"forward", "t", "--to", url, "--concurrency", "1025"}, "--concurrency"},
      {{"forward", "t", "--to", url, "--concurrency", "2", "--ordered"}, "--ordered"},
      {{"forward", "t", "--to", url, "--from", "x"}, "--from x: expected a sequence number"},
      {{"forward", "t", "--to", url, "-n", "0"}, "--count"},
      {{"forward", "t", "--to", url}, "no secret to sign the requests with"},
      {{"forward", "t", "--to", url, "--webhook", "w", "--secret-file", "f"}, "give one of them"},
  };
  for (const auto& row : rows) {
    auto arguments = row.arguments;
    arguments.insert(arguments.end(), {"--local", k_nowhere});
    const Outcome outcome = run_command(arguments);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, row.words));
  }
}

TEST_CASE("forward ends with the service's own refusal") {
  const WithSecret secret;
  const Service service;
  const Outcome outcome = run_command({"forward", "t", "--to", "http://127.0.0.1:1/", "--local",
                                       service.broker.endpoint(), "--cache", "none"});
  CHECK(outcome.exit_code == 5);
  CHECK(contains(outcome.err, "none"));
}

TEST_CASE("forward delivers what it has when the service says that it is over") {
  const WithSecret secret;
  const Service service;
  std::promise<void> deleted;
  const auto gone = deleted.get_future().share();
  const HttpEndpoint endpoint([&](const auto&, auto&) { gone.wait_for(k_patience); });
  service.publish("t", "1");
  service.publish("t", "2");
  Command command(forward_from(service, endpoint.url(), {"--concurrency", "1"}));
  REQUIRE(eventually([&] { return endpoint.requests().size() == 1; }));
  must(service.client.delete_cache(k_cache));
  deleted.set_value();
  CHECK(command.wait() == 5);
  CHECK(contains(command.err().text(), "forwarded: "));
  CHECK_FALSE(endpoint.requests().empty());
}

TEST_CASE("a secret is never shown") {
  const Variable secret("TOPICLOOP_WEBHOOK_SECRET", "hush-hush");
  const Service service;
  const HttpEndpoint endpoint(Answers({{"a", {500, 500}}}));
  service.publish("t", "a");
  const Outcome outcome =
      run_command(forward_from(service, endpoint.url(), {"-n", "1", "--retry", "1", "-o", "json"}));
  CHECK(outcome.exit_code == 1);
  CHECK_FALSE(contains(outcome.out + outcome.err, "hush"));
}

TEST_CASE("credentials in a URL are sent and never shown") {
  const WithSecret secret;
  const Service service;
  const HttpEndpoint endpoint(Answers({{"a", {500, 400}}}));
  service.publish("t", "a");
  const std::string url =
      "http://me:hush-hush@127.0.0.1:" + std::to_string(endpoint.port()) + "/?token=hush-hush&a=1";
  const Outcome outcome = run_command(forward_from(service, url, {"-n", "1"}));
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.out, "http://***@127.0.0.1:"));
  CHECK_FALSE(contains(outcome.out + outcome.err, "hush"));
  CHECK(contains(outcome.out, "/?token=***&a=1"));
  const auto request = endpoint.requests().at(0);
  CHECK(request.get_header_value("Authorization").starts_with("Basic "));
  CHECK(request.get_param_value("token") == "hush-hush");
}
