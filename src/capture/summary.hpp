// SPDX-License-Identifier: Apache-2.0
// Counting what is in captures.
//
// Memory is bounded: topics beyond the first thousand are counted together. Not thread-safe.
#pragma once

#include "model/capture.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace topicloop::capture {

class Summary {
public:
  void add(const model::CaptureRecord& record);

  std::uint64_t records = 0;
  std::uint64_t requests = 0;
  std::uint64_t messages = 0;
  std::uint64_t gaps = 0;
  std::uint64_t dead_letters = 0;         // Of the requests, those of ours that nobody accepted.
  std::uint64_t redacted = 0;             // Records of which something was left out.
  std::uint64_t verified = 0;             // Of the requests.
  std::uint64_t failed = 0;               // Not genuine.
  std::uint64_t not_checked = 0;          // Nobody looked.
  std::uint64_t body_bytes = 0;           // Of requests' bodies.
  std::uint64_t payload_bytes = 0;        // Of messages.
  std::uint64_t out_of_order = 0;         // Records that came before the one they follow.
  std::map<int, std::uint64_t> statuses;  // What requests were answered.
  std::uint64_t unanswered = 0;           // Requests of ours that got no answer.
  // Messages, and requests that are webhook events, by cache and topic.
  std::map<std::pair<std::string, std::string>, std::uint64_t> topics;
  std::uint64_t in_other_topics = 0;
  std::optional<SystemTime> first;
  std::optional<SystemTime> last;
  std::chrono::microseconds longest_latency{0};

private:
  void add(const model::HttpExchange& exchange);
  void add(const model::Message& message);
  void add(const model::Gap& gap);
  void count_topic(const std::string& cache, const std::string& topic);

  std::optional<SystemTime> previous_;
};

}  // namespace topicloop::capture
