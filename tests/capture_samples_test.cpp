// SPDX-License-Identifier: Apache-2.0
// Files as every version of the format wrote them: they are never changed, and read for ever.
#include "capture/event_of.hpp"
#include "support/captures.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::test;

TEST_CASE("a capture of version 1 is read in full") {
  const auto read = read_capture(TOPICLOOP_TEST_DATA "/capture-v1.jsonl");
  CHECK(read.error.empty());
  CHECK(read.warnings.empty());
  REQUIRE(read.records.size() == 6);

  CHECK(read.records[0].at == capture_time());
  CHECK(read.records[0].mono_ns == 4'123'455'000);
  const auto accepted = std::get<model::HttpExchange>(read.records[0].content);
  CHECK(accepted.id == "89fc77f2");
  CHECK(accepted.peer == "127.0.0.1");
  CHECK(accepted.url == "http://127.0.0.1:9000/hook");
  CHECK(accepted.request.method == "POST");
  CHECK(accepted.request.target == "/hook?a=b");
  CHECK(accepted.request.version == "HTTP/1.1");
  CHECK(accepted.request.headers == model::HttpHeaders{{"Host", "x"},
                                                       {"Content-Type", "application/json"},
                                                       {"X-Twice", "1"},
                                                       {"x-twice", "2"},
                                                       {"X-Latin", "gr\xFC\xDFu"}});
  CHECK(capture::event_of(accepted)->payload == model::Value::text("straße"));
  CHECK(accepted.verification.outcome == model::Verification::Outcome::Verified);
  CHECK(accepted.response == model::HttpResponse{200,
                                                 {{"Content-Type", "application/json"}},
                                                 R"({"status":"success"})"});
  CHECK(accepted.latency == std::chrono::microseconds(1'500));

  const auto refused = std::get<model::HttpExchange>(read.records[1].content);
  CHECK(refused.request.body == std::string("\xFF\0", 2));
  CHECK(refused.verification ==
        model::Verification{model::Verification::Outcome::Failed, "the request is not signed"});
  CHECK(refused.reason == "the request is not signed");
  CHECK(read.records[1].redacted ==
        std::vector<std::string>{"header:authorization", "query:token"});

  CHECK(std::get<model::Message>(read.records[2].content) ==
        model::Message{"default-cache", "topic 2", 1, 7, "alice", model::Value::text("STRASSE")});
  CHECK(std::get<model::Message>(read.records[3].content) ==
        model::Message{"default-cache", "topic 2", 2, 7, "",
                       model::Value::binary(std::string("\0\xFF", 2))});
  CHECK(std::get<model::Gap>(read.records[4].content) ==
        model::Gap{"default-cache", "topic 2", {{7, 3, 5}, {7, 9, {}}}});

  const auto dead = std::get<model::HttpExchange>(read.records[5].content);
  CHECK(dead.attempts == 4);
  CHECK(dead.response == model::HttpResponse{});
  CHECK(dead.reason == "connection refused");
}
