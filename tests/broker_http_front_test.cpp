// SPDX-License-Identifier: Apache-2.0
// The HTTP port of a whole service.
#include "broker/http_front.hpp"
#include "support/http_endpoint.hpp"
#include "support/http_service.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;
using model::Value;

namespace {

constexpr const char* k_topic = "/topics/cache/t";

std::string from(std::uint64_t number, std::uint64_t page = 0) {
  return std::string(k_topic) + "?sequence_number=" + std::to_string(number) +
         "&sequence_page=" + std::to_string(page);
}

std::vector<std::string> texts_of(const HttpAnswered& answer) {
  std::vector<std::string> texts;
  const auto json = answer.json();
  for (const auto& entry : json["items"])
    texts.push_back(entry["item"]["value"]["text"]);
  return texts;
}

}  // namespace

TEST_CASE("what is posted over HTTP reaches a gRPC subscriber") {
  const HttpService service;
  auto subscription = service.subscribe("t");
  const auto posted = service.post(k_topic, "hello", "text/plain");
  CHECK(posted.status == 204);
  CHECK(posted.body.empty());
  CHECK(next_message(subscription).value == Value::text("hello"));
  service.post(k_topic, "bytes", "application/octet-stream");
  CHECK(next_message(subscription).value == Value::binary("bytes"));
  service.post(k_topic, "a=1&b=%20", "application/x-www-form-urlencoded");
  CHECK(next_message(subscription).value == Value::text("a=1&b=%20"));
  service.post(k_topic, "", "text/plain");
  CHECK(next_message(subscription).value == Value::text(""));
}

TEST_CASE("any name can be posted to") {
  const HttpService service;
  for (const auto& [target, topic] :
       {std::pair{"/topics/cache/a%2Fb%20c", "a/b c"}, std::pair{"/topics/cache/a+b", "a+b"},
        std::pair{"/topics/cache/%E4%B8%96%0A%25", "\xE4\xB8\x96\n%"}}) {
    INFO(topic);
    auto subscription = service.subscribe(topic);
    CHECK(service.post(target, "x", "text/plain").status == 204);
    CHECK(next_message(subscription).topic == topic);
  }
}

TEST_CASE("the largest body arrives and one byte more is refused") {
  const HttpService service;
  auto subscription = service.subscribe("t");
  std::string body(10U << 20U, 'x');
  CHECK(service.post(k_topic, body, "text/plain").status == 204);
  CHECK(next_message(subscription).value.bytes.size() == body.size());
  body += 'x';
  CHECK(service.post(k_topic, body, "text/plain").status == 413);
}

TEST_CASE("a body over the payload limit is too large") {
  auto options = http_options_for_tests();
  options.limits = {.payload = 4};
  const HttpService service(std::move(options));
  CHECK(service.post(k_topic, "four", "text/plain").status == 204);
  const auto refused = service.post(k_topic, "fives", "text/plain");
  CHECK(refused.status == 413);
  CHECK(refused.reason() == "a message of 5 bytes is over the request limit of 4 bytes");
}

TEST_CASE("a poll gives the history from the number it names") {
  const HttpService service;
  service.publish("t", "one");
  service.publish("t", "two");
  const auto all = service.get(from(1));
  CHECK(all.status == 200);
  CHECK(all.header("Content-Type") == "application/json");
  CHECK(texts_of(all) == std::vector<std::string>{"one", "two"});
  const auto page = all.json()["items"][0]["item"]["sequence_page"].get<std::uint64_t>();
  CHECK(texts_of(service.get(from(2, page))) == std::vector<std::string>{"two"});
}

TEST_CASE("a poll begins with the discontinuity there is") {
  const HttpService service;
  service.publish("t", "one");
  const auto items = service.get(from(5, 1)).json()["items"];
  REQUIRE(items.size() == 2);
  CHECK(items[0]["discontinuity"]["last_topic_sequence"] == 5);
  CHECK(items[0]["discontinuity"]["new_topic_sequence"] == 0);
  CHECK(items[0]["discontinuity"]["new_sequence_page"] == items[1]["item"]["sequence_page"]);
}

TEST_CASE("a poll waits for the next message") {
  const HttpService service;
  service.publish("t", "before");
  auto poll = service.wait_on(k_topic);
  service.publish("other", "elsewhere");
  service.publish("t", "next");
  CHECK(texts_of(poll.get()) == std::vector<std::string>{"next"});
  CHECK(eventually([&] { return service.subscribers() == 0; }));
}

TEST_CASE("a poll without a message ends with no items") {
  auto options = http_options_for_tests();
  options.http_poll_timeout = std::chrono::milliseconds(10);
  const HttpService service(std::move(options));
  const auto answer = service.get(k_topic);
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"items":[]})");
  CHECK(eventually([&] { return service.subscribers() == 0; }));
}

TEST_CASE("a poll takes at most 1000 messages and about 1 MiB") {
  const HttpService service;
  for (int i = 0; i < 3; ++i)
    service.publish("t", std::string(600'000, 'x'));
  CHECK(texts_of(service.get(from(1))).size() == 2);
  CHECK(texts_of(service.get(from(3))).size() == 1);

  auto options = http_options_for_tests();
  options.retention.messages = 2'000;
  const HttpService many(std::move(options));
  for (int i = 0; i < 1'001; ++i)
    many.publish("t", "x");
  CHECK(texts_of(many.get(from(1))).size() == 1'000);
}

TEST_CASE("a poll ends when its cache is deleted") {
  const HttpService service;
  auto poll = service.wait_on(k_topic);
  must(service.client.delete_cache(k_cache));
  const auto answer = poll.get();
  CHECK(answer.status == 404);
  CHECK(answer.reason() == "cache \"cache\" does not exist");
}

TEST_CASE("a poll ends when the service stops") {
  HttpService service;
  auto poll = service.wait_on(k_topic);
  service.broker.stop();
  CHECK(poll.get().status == 503);
}

TEST_CASE("a poll whose client has gone is given up") {
  auto options = http_options_for_tests();
  options.http_poll_timeout = std::chrono::hours(1);
  const HttpService service(std::move(options));
  {
    RawClient client(service.port());
    client.send("GET /topics/cache/t HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(eventually([&] { return service.subscribers() == 1; }));
  }
  CHECK(eventually([&] { return service.subscribers() == 0; }));
}

TEST_CASE("polls beyond the limit are refused and leave room for everything else") {
  auto options = http_options_for_tests();
  options.http_poll_timeout = std::chrono::hours(1);
  const HttpService service(std::move(options));
  std::vector<std::unique_ptr<RawClient>> polls;
  for (int i = 0; i < 200; ++i) {
    polls.push_back(std::make_unique<RawClient>(service.port()));
    polls.back()->send("GET /topics/cache/t HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  REQUIRE(eventually([&] { return service.subscribers() == 200; }));
  const auto refused = service.get(k_topic);
  CHECK(refused.status == 429);
  CHECK(refused.reason() == "there are 200 polls already");
  CHECK(service.get("/healthz").status == 200);
  CHECK(service.post(k_topic, "to all", "text/plain").status == 204);
  for (const auto& poll : polls)
    CHECK(poll->receive_until("]}").find("to all") != std::string::npos);
}

TEST_CASE("mistakes in a request are told with their status") {
  const HttpService service;
  CHECK(service.get("/topics/nowhere/t").status == 404);
  CHECK(service.post("/topics/nowhere/t", "x", "text/plain").status == 404);
  CHECK(service.post("/topics/cache/", "x", "text/plain").status == 400);
  CHECK(service.post("/topics/cache/%20", "x", "text/plain").status == 400);
  CHECK(service.post("/topics/cache/a/b", "x", "text/plain").status == 404);
  CHECK(service.post("/topics/cache/%zz", "x", "text/plain").status == 400);
  CHECK(service.post(k_topic, "x\xFF", "text/plain").reason().find("byte 1") != std::string::npos);
  CHECK(service.get(std::string(k_topic) + "?sequence_number=x").status == 400);
  CHECK(service.get(std::string(k_topic) + "?sequence_page=-1").status == 400);
  CHECK(service.get("/nothing").status == 404);
  const auto form = service.post(k_topic, "--b\r\n\r\n--b--", "multipart/form-data; boundary=b");
  CHECK(form.status == 415);
}

TEST_CASE("a wrong method is refused with those there are") {
  const HttpService service;
  for (const char* method : {"PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"}) {
    INFO(method);
    const auto answer = service.request(method, k_topic);
    CHECK(answer.status == 405);
    CHECK(answer.header("Allow") == "GET, POST");
  }
  CHECK(service.post("/state", "", "text/plain").header("Allow") == "GET");
  CHECK(service.request("HEAD", "/healthz").status == 405);
}

TEST_CASE("a key comes in the header or in the query but not in both") {
  const HttpService service;
  const std::string with_token = std::string(k_topic) + "?token=key";
  CHECK(service.request("POST", k_topic, "x", {{"Authorization", "key"}}).status == 204);
  CHECK(service.request("POST", with_token, "x").status == 204);
  const auto both = service.request("POST", with_token, "x", {{"Authorization", "key"}});
  CHECK(both.status == 400);
  CHECK(both.reason() == "the key is given twice");
  CHECK(service.get("/state?token=a&token=b").status == 400);
}

TEST_CASE("a healthy service says so to anybody") {
  const HttpService service;
  CHECK(service.get("/healthz").body == "ok\n");
  CHECK(service.get("/readyz").body == "ready\n");
}

TEST_CASE("a blocked service refuses everything until it is unblocked, and forgets nothing") {
  const HttpService service;
  service.publish("t", "before");
  auto subscription = service.subscribe("t");
  auto poll = service.wait_on(k_topic);

  CHECK(service.get("/block").status == 200);
  CHECK(end_of(subscription).kind == ErrorKind::Unavailable);
  CHECK(poll.get().status == 503);
  CHECK(service.client.publish(k_cache, "t", Value::text("x")).error().kind ==
        ErrorKind::Unavailable);
  CHECK(service.client.list_caches().error().kind == ErrorKind::Unavailable);
  CHECK(service.post(k_topic, "x", "text/plain").status == 503);
  CHECK(service.get(k_topic).status == 503);
  CHECK(service.get("/readyz").status == 503);
  CHECK(service.get("/healthz").status == 200);
  CHECK(service.get("/state").json()["open"] == false);

  CHECK(service.request("POST", "//unblock").status == 200);
  CHECK(service.get("/readyz").status == 200);
  service.publish("t", "after");
  CHECK(texts_of(service.get(from(1))) == std::vector<std::string>{"before", "after"});
  auto again = service.subscribe("t", {2, 0});
  CHECK(next_message(again).value == Value::text("after"));
}

TEST_CASE("the state names topics, readers and webhooks but no secret") {
  const HttpEndpoint endpoint;
  const HttpService service;
  const auto secret = must(service.client.put_webhook({{k_cache, "hook"}, "t", endpoint.url()}));
  auto subscription = service.subscribe("t");
  service.publish("t", "x");
  const auto delivered = [&] { return service.get("/state").json()["webhooks"][0]["delivered"]; };
  REQUIRE(eventually([&] { return delivered() == 1; }));

  const auto answer = service.get("/state");
  CHECK(answer.body.find(secret) == std::string::npos);
  const auto topic = answer.json()["caches"][0]["topics"][0];
  CHECK(topic["topic"] == "t");
  CHECK(topic["next_sequence_number"] == 2);
  CHECK(topic["retained_messages"] == 1);
  CHECK(topic["subscribers"] == 1);
  CHECK(answer.json()["webhooks"][0]["secret"] == "redacted");
  CHECK(answer.json()["webhooks"][0]["under_way"] == 0);
}

TEST_CASE("metrics follow what the service does") {
  const HttpEndpoint endpoint;
  const HttpService service;
  must(service.client.put_webhook({{k_cache, "hook"}, "t", endpoint.url()}));
  auto subscription = service.subscribe("t");
  service.publish("t", "x");
  next_message(subscription);
  CHECK_FALSE(service.client.publish("nowhere", "t", Value::text("x")));
  const auto shown = [&](const std::string& line) {
    const auto answer = service.get("/metrics");
    return answer.header("Content-Type").starts_with("text/plain; version=0.0.4") &&
           answer.body.find("\n" + line + "\n") != std::string::npos;
  };
  CHECK(eventually(
      [&] { return shown("topicloop_webhook_deliveries_total{outcome=\"delivered\"} 1"); }));
  CHECK(shown("topicloop_published_messages_total{cache=\"cache\"} 1"));
  CHECK(shown("topicloop_delivered_messages_total{cache=\"cache\"} 1"));
  CHECK(shown("topicloop_subscribers{cache=\"cache\"} 1"));
  CHECK(shown("topicloop_webhook_delay_seconds_count 1"));
  CHECK(shown("topicloop_rpc_handling_seconds_count{method=\"webhook.Webhook/PutWebhook\"} 1"));
  CHECK(shown(
      "topicloop_rpc_handling_seconds_count{method=\"cache_client.pubsub.Pubsub/Publish\"} 2"));
  CHECK(service.get("/metrics").body.find("NOT_FOUND") != std::string::npos);
}

TEST_CASE("a service has no HTTP port unless it is told to") {
  const Service service;
  CHECK_FALSE(service.broker.http_origin());
}

TEST_CASE("an HTTP address that is taken fails the service, or is done without if that is said") {
  const HttpService first;
  auto options = options_for_tests();
  options.http_address = first.origin.substr(std::string("http://").size());
  const auto refused = broker::Broker::start(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::Unavailable);
  CHECK(refused.error().message.find(options.http_address) != std::string::npos);

  options.http_required = false;
  const Service second(options);
  CHECK(second.broker.http_origin().error().kind == ErrorKind::Unavailable);
  second.publish("t", "x");
}

TEST_CASE("HTTP is not served on a Unix socket") {
  auto options = options_for_tests();
  options.http_address = "unix:/tmp/x";
  options.http_required = false;
  CHECK(broker::Broker::start(options).error().kind == ErrorKind::Usage);
}
