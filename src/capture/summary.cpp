// SPDX-License-Identifier: Apache-2.0
#include "capture/summary.hpp"

#include "capture/event_of.hpp"

#include <algorithm>

namespace topicloop::capture {

namespace {

constexpr std::size_t k_max_topics = 1'000;

}  // namespace

void Summary::add(const model::CaptureRecord& record) {
  ++records;
  if (!record.redacted.empty()) ++redacted;
  if (previous_ && record.at < *previous_) ++out_of_order;
  previous_ = record.at;
  first = first ? std::min(*first, record.at) : record.at;
  last = last ? std::max(*last, record.at) : record.at;
  std::visit([this](const auto& content) { add(content); }, record.content);
}

void Summary::add(const model::HttpExchange& exchange) {
  ++requests;
  switch (exchange.verification.outcome) {
    case model::Verification::Outcome::Verified:
      ++verified;
      break;
    case model::Verification::Outcome::Failed:
      ++failed;
      break;
    case model::Verification::Outcome::NotChecked:
      ++not_checked;
      break;
  }
  if (exchange.attempts > 0) ++dead_letters;
  ++(exchange.response.status == 0 ? unanswered : statuses[exchange.response.status]);
  body_bytes += exchange.request.body.size();
  longest_latency = std::max(longest_latency, exchange.latency);
  if (const auto event = event_of(exchange)) count_topic(event->cache, event->topic);
}

void Summary::add(const model::Message& message) {
  ++messages;
  payload_bytes += message.value.bytes.size();
  count_topic(message.cache, message.topic);
}

void Summary::add(const model::Gap&) {
  ++gaps;
}

void Summary::count_topic(const std::string& cache, const std::string& topic) {
  const auto known = topics.find({cache, topic});
  if (known != topics.end()) {
    ++known->second;
  } else if (topics.size() < k_max_topics) {
    topics.emplace(std::pair(cache, topic), 1);
  } else {
    ++in_other_topics;
  }
}

}  // namespace topicloop::capture
