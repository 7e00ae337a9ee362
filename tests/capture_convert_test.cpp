// SPDX-License-Identifier: Apache-2.0
#include "capture/convert.hpp"
#include "capture/event_of.hpp"
#include "support/captures.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace topicloop;
using namespace topicloop::test;
using nlohmann::json;

namespace {

model::HttpExchange exchange_with(const std::string& body) {
  return std::get<model::HttpExchange>(request_record(body).content);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a request becomes a curl command that says what it said and no more") {
  auto exchange = exchange_with("it's");
  exchange.request.headers = {{"Content-Type", "application/json"},
                              {"Content-Length", "4"},
                              {"Accept", ""},
                              {"User-Agent", "me"}};
  CHECK(capture::to_curl(exchange) ==
        "curl -q -sS -g --path-as-is --proto '=http,https' --request 'POST' "
        "--url 'http://127.0.0.1:9000/hook?a=b' -H 'Content-Type: application/json' "
        "-H 'Accept;' -H 'User-Agent: me' -H 'Expect:' --data-raw 'it'\\''s'");
}

TEST_CASE("bytes that a line cannot hold are written by printf") {
  const std::string command = capture::to_curl(exchange_with(std::string("a\0\n%\\'\xFF", 7)));
  CHECK(command.starts_with("printf 'a\\000\\012\\045\\134\\047\\377' | curl "));
  CHECK(command.ends_with(" --data-binary @-"));
}

TEST_CASE("nothing in a capture makes curl or the shell do anything else") {
  auto exchange = exchange_with("@/etc/passwd");
  exchange.url = "-o/tmp/x";
  exchange.request.target = "x";
  exchange.request.method = "'; touch /tmp/x; '";
  exchange.request.headers = {{"@/etc/passwd", "x"}, {"X", "a\r\nb"}, {"Y Z", "x"}, {"", "x"}};
  const std::string command = capture::to_curl(exchange);
  CHECK(contains(command, R"(--request ''\''; touch /tmp/x; '\''' --url '-o/tmp/x')"));
  CHECK(contains(command, " --data-raw '@/etc/passwd'"));
  CHECK_FALSE(contains(command, "-H '@"));
  CHECK_FALSE(contains(command, "-H 'X"));
  CHECK_FALSE(contains(command, "-H 'Y"));
}

TEST_CASE("requests become a HAR document") {
  auto record = request_record("\xFF");
  record.redacted = {"header:cookie"};
  auto& exchange = std::get<model::HttpExchange>(record.content);
  exchange.request.target = "/hook?a=b%20c&d&=e&f=1+2";
  const auto text = request_record("{}");
  const json har =
      json::parse(capture::har_begin() + capture::to_har_entry(record, exchange) + "," +
                  capture::to_har_entry(text, std::get<model::HttpExchange>(text.content)) +
                  capture::k_har_end);
  CHECK(har["log"]["version"] == "1.2");
  CHECK(har["log"]["creator"]["name"] == "topicloop");
  REQUIRE(har["log"]["entries"].size() == 2);
  const json& entry = har["log"]["entries"][0];
  CHECK(entry["startedDateTime"] == "2026-03-01T14:29:43.123456Z");
  CHECK(entry["time"] == 1.5);
  CHECK(entry["timings"] == json{{"send", 0}, {"wait", 1.5}, {"receive", 0}});
  CHECK(entry["cache"] == json::object());
  CHECK(entry["comment"] == "redacted: header:cookie");
  CHECK(entry["request"]["method"] == "POST");
  CHECK(entry["request"]["url"] == "http://127.0.0.1:9000/hook?a=b%20c&d&=e&f=1+2");
  CHECK(entry["request"]["queryString"] == json::parse(R"([{"name":"a","value":"b c"},
      {"name":"d","value":""},{"name":"","value":"e"},{"name":"f","value":"1 2"}])"));
  CHECK(entry["request"]["headers"][1] == json{{"name", "X-Twice"}, {"value", "1"}});
  CHECK(entry["request"]["postData"]["text"] == "/w==");
  CHECK(entry["request"]["postData"]["_encoding"] == "base64");
  CHECK(entry["response"]["status"] == 200);
  CHECK(entry["response"]["content"]["text"] == "{}");
  CHECK(har["log"]["entries"][1]["request"]["postData"]["text"] == "{}");
  for (const char* key : {"cookies", "headers", "headersSize", "bodySize", "httpVersion"}) {
    CHECK(entry["request"].contains(key));
    CHECK(entry["response"].contains(key));
  }
  for (const char* key : {"statusText", "redirectURL"})
    CHECK(entry["response"].contains(key));
}

TEST_CASE("messages and requests become CloudEvents, gaps do not") {
  const auto event_of = [](const model::CaptureRecord& record) {
    return json::parse(*capture::to_cloudevent(record));
  };
  CHECK(event_of(message_record(model::Value::text("straße"))) ==
        json{{"specversion", "1.0"},
             {"id", "7-42"},
             {"source", "/caches/my-cache/topics/topic%201"},
             {"type", "topicloop.message"},
             {"subject", "topic 1"},
             {"datacontenttype", "text/plain; charset=utf-8"},
             {"data", "straße"},
             {"time", "2026-03-01T14:29:43.123456Z"}});
  const json binary = event_of(message_record(model::Value::binary("\xFF")));
  CHECK(binary["data_base64"] == "/w==");
  CHECK(binary["datacontenttype"] == "application/octet-stream");
  CHECK_FALSE(binary.contains("data"));

  const json request = event_of(request_record(R"({"a":[1,null]})"));
  CHECK(request["type"] == "topicloop.webhook");
  CHECK(request["id"] == "123456789-89fc77f2");
  CHECK(request["source"] == "http://127.0.0.1:9000/hook?a=b");
  CHECK(request["datacontenttype"] == "application/json");
  CHECK(request["data"] == json{{"a", {1, nullptr}}});
  CHECK(event_of(request_record("{"))["data_base64"] == "ew==");
  CHECK_FALSE(capture::to_cloudevent(gap_record()));
}

TEST_CASE("the event in a Lambda's invocation is the event of the request that carried it") {
  const json event{{"cache", "c"}, {"topic", "t"}, {"topic_sequence_number", 7}, {"text", "/w=="}};
  const json invocation{{"httpMethod", "POST"},
                        {"headers", {{"Topicloop-Text-Encoding", "base64"}}},
                        {"body", event.dump()}};
  const auto found = capture::event_of(exchange_with(invocation.dump()));
  REQUIRE(found);
  CHECK(found->topic == "t");
  CHECK(found->sequence_number == 7);
  CHECK(found->payload == model::Value::binary("\xFF"));
  for (const char* body : {R"({"httpMethod":"POST","body":"x"})", R"({"httpMethod":"POST"})",
                           R"({"httpMethod":"POST","headers":7,"body":"{}"})"}) {
    CHECK_FALSE(capture::event_of(exchange_with(body)));
  }
}
