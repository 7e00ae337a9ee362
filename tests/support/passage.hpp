// SPDX-License-Identifier: Apache-2.0
// Events for tests of sinks, and what has become of them.
#pragma once

#include "sink/passage.hpp"

#include <string>
#include <utility>
#include <vector>

namespace topicloop::test {

inline model::WebhookEvent event_number(std::uint64_t number, const std::string& topic = "news") {
  return {"my-cache", topic, 1'000, 2'000, number, "me", "hello"};
}

// Owns what a passage refers to.
struct TestPassage {
  explicit TestPassage(model::Value value) : TestPassage(event_number(7), std::move(value)) {}
  TestPassage(model::WebhookEvent its_event, model::Value value)
      : event(std::move(its_event)), passage{event, id, body, headers, std::move(value)} {}
  TestPassage(const TestPassage&) = delete;
  TestPassage& operator=(const TestPassage&) = delete;

  model::WebhookEvent event;
  std::string id = "0123abcd";
  std::string body = "{}";
  std::vector<std::pair<std::string, std::string>> headers;
  sink::Passage passage;
};

// What a sink makes of a text: the text, "(nothing)", or "error: " and why.
template <typename AnySink>
std::string result_of(AnySink& sink, const std::string& text) {
  TestPassage test(model::Value::text(text));
  const auto taken = sink.take(test.passage);
  if (!taken) return "error: " + taken.error().message;
  return test.passage.outgoing ? test.passage.outgoing->bytes : "(nothing)";
}

// A program for the shell.
inline std::vector<std::string> shell(const std::string& script) {
  return {"sh", "-c", script};
}

}  // namespace topicloop::test
