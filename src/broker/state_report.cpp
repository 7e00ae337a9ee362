// SPDX-License-Identifier: Apache-2.0
#include "broker/state_report.hpp"

#include "base/shown_url.hpp"

#include <nlohmann/json.hpp>

namespace topicloop::broker {

using Json = nlohmann::ordered_json;

namespace {

Json to_object(const Traffic& traffic) {
  return {{"messages", traffic.messages}, {"bytes", traffic.bytes}};
}

Json to_object(const TopicReport& topic) {
  return {{"topic", topic.name},
          {"next_sequence_number", topic.next_sequence_number},
          {"retained_messages", topic.messages},
          {"retained_bytes", topic.bytes},
          {"subscribers", topic.subscribers}};
}

Json to_object(const CacheReport& cache) {
  Json topics = Json::array();
  for (const auto& topic : cache.topics)
    topics.push_back(to_object(topic));
  return {{"cache", cache.name},
          {"sequence_page", cache.sequence_page},
          {"published", to_object(cache.published)},
          {"delivered", to_object(cache.delivered)},
          {"topics", std::move(topics)}};
}

Json to_object(const WebhookReport& report) {
  return {{"cache", report.webhook.id.cache},
          {"webhook", report.webhook.id.name},
          {"topic", report.webhook.topic},
          {"url", without_credentials(report.webhook.url)},
          {"secret", "redacted"},
          {"delivered", report.delivered},
          {"failed", report.failed},
          {"lost", report.lost},
          {"under_way", report.under_way}};
}

}  // namespace

std::string to_json(const StateReport& report) {
  Json caches = Json::array();
  for (const auto& cache : report.caches)
    caches.push_back(to_object(cache));
  Json webhooks = Json::array();
  for (const auto& webhook : report.webhooks)
    webhooks.push_back(to_object(webhook));
  const Json state{
      {"open", report.open}, {"caches", std::move(caches)}, {"webhooks", std::move(webhooks)}};
  return state.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace topicloop::broker
