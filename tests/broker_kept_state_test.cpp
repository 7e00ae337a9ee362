// SPDX-License-Identifier: Apache-2.0
#include "broker/kept_state.hpp"

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace topicloop;
using namespace topicloop::broker;

namespace {

KeptState some_state() {
  KeptState state;
  state.next_page = 1'748'358'253'000;
  state.caches = {"orders", "größe \"quoted\"", std::string("zero\0byte", 9)};
  const model::WebhookId id{"orders", "hook"};
  state.webhooks[id] = {{id, "topic 1", "http://127.0.0.1:9/"}, "secret"};
  return state;
}

std::string file_with(const std::string& fields) {
  return R"({"topicloop_state": 1, "next_sequence_page": 5, "caches": ["c"], )" + fields + "}";
}

std::string webhook_with(const std::string& cache, const std::string& secret) {
  return file_with(R"("webhooks": [{"cache": ")" + cache +
                   R"(", "name": "hook", "topic": "t", "url": "http://h/", "secret": ")" + secret +
                   R"("}])");
}

std::string why_not(const std::string& text) {
  const auto parsed = parse_kept_state(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == ErrorKind::BadInput);
  return parsed.error().message;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what is written down is read back the same") {
  for (const auto& state : {KeptState(), some_state()}) {
    const auto text = to_json(state);
    REQUIRE(text);
    const auto back = parse_kept_state(*text);
    REQUIRE(back);
    CHECK(*back == state);
  }
}

// For ever: files of this version are out there.
TEST_CASE("a state file of version 1 is understood") {
  const auto state = parse_kept_state(R"({
  "topicloop_state": 1,
  "next_sequence_page": 1748358253002,
  "caches": ["default-cache", "orders"],
  "webhooks": [
    {"cache": "orders", "name": "hook", "topic": "topic 1", "url": "http://127.0.0.1:9000/",
     "secret": "0123abcd"}
  ]
})");
  REQUIRE(state);
  CHECK(state->next_page == 1'748'358'253'002);
  CHECK(state->caches == std::set<std::string>{"default-cache", "orders"});
  const model::WebhookId id{"orders", "hook"};
  CHECK(state->webhooks.at(id) ==
        KeptWebhook{{id, "topic 1", "http://127.0.0.1:9000/"}, "0123abcd"});
}

TEST_CASE("a state file of the future is refused by its version") {
  CHECK(contains(why_not(R"({"topicloop_state": 2, "whatever": []})"), "version 2"));
  CHECK(contains(why_not(R"({"topicloop_state": 0})"), "no format version 0"));
}

TEST_CASE("a damaged state file is refused and its error says what is wrong") {
  CHECK(contains(why_not(""), "parse error at line 1"));
  CHECK(contains(why_not("{\n\"topicloop_state\": 1,\n"), "parse error at line 3"));
  CHECK(contains(why_not("[]"), "topicloop_state"));
  CHECK(contains(why_not("{}"), "topicloop_state"));
  CHECK(contains(why_not(R"({"topicloop_state": "1"})"), "topicloop_state"));
  CHECK(contains(why_not(R"({"topicloop_state": 1})"), "next_sequence_page"));
  CHECK(contains(why_not(file_with(R"("webhooks": [{"cache": "c"}])")), "name"));
  CHECK(contains(why_not(file_with(R"("webhooks": [7])")), "number"));
  CHECK(contains(why_not(webhook_with("d", "s")), "cache \"d\""));
  CHECK(contains(why_not(webhook_with("c", "")), "secret"));
  CHECK(parse_kept_state(webhook_with("c", "s")));
}

TEST_CASE("a truncated state file is refused wherever it was cut") {
  const std::string whole = *to_json(some_state());
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    INFO(size);
    REQUIRE_FALSE(parse_kept_state(whole.substr(0, size)));
  }
}

TEST_CASE("sequence pages that JavaScript could not count are refused") {
  for (const char* page : {"0", "9007199254740992", "-1", "1.5", "true", "\"7\""}) {
    INFO(page);
    why_not(std::string(R"({"topicloop_state": 1, "next_sequence_page": )") + page +
            R"(, "caches": [], "webhooks": []})");
  }
}

TEST_CASE("a name that is not UTF-8 cannot be kept") {
  KeptState state;
  state.caches = {"\xFF"};
  const auto text = to_json(state);
  REQUIRE_FALSE(text);
  CHECK(text.error().kind == ErrorKind::InvalidArgument);
}
