// SPDX-License-Identifier: Apache-2.0
// Topics over HTTP: publish with a POST, read with long polls, as Momento's HTTP API has it.
//
// Knows nothing of the HTTP library. publish() and poll() are called on HTTP threads and block;
// thread-safe.
#pragma once

#include "broker/event_loop.hpp"
#include "broker/http_answer.hpp"
#include "broker/http_poll.hpp"
#include "broker/topics_service.hpp"

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

namespace topicloop::broker {

// Who calls, and for which topic.
struct TopicCall {
  std::string key;
  std::string cache;
  std::string topic;
};

class HttpTopics {
public:
  HttpTopics(EventLoop& loop, TopicsService& topics, std::chrono::milliseconds poll_timeout)
      : loop_(loop), topics_(topics), poll_timeout_(poll_timeout) {}

  // 204, or an error. `content_type`: see value_of().
  HttpAnswer publish(TopicCall call, const std::string& content_type, std::string body);

  // The items from `resume` on, as soon as there is one; none after the poll timeout. 429 while
  // there are 200 polls already: then publishing and health still have threads to run on.
  // `connection`: as in PollRequest.
  HttpAnswer poll(TopicCall call, const model::ResumePoint& resume, int connection);

private:
  EventLoop& loop_;
  TopicsService& topics_;
  std::chrono::milliseconds poll_timeout_;
  std::atomic<int> polls_ = 0;
};

// A body as a message: text if text/plain, which must be UTF-8; binary if application/octet-stream;
// of any other type or none text if it is UTF-8, else binary.
Result<model::Value> value_of(const std::string& content_type, std::string body);

// {"items":[...]} with what a poll gave; binary values as {"binary":"<base64>"}.
Result<std::string> items_to_json(const std::vector<PollItem>& items);

}  // namespace topicloop::broker
