// SPDX-License-Identifier: Apache-2.0
#include "broker/http_topics.hpp"

#include "base/text.hpp"
#include "broker/loop_answer.hpp"
#include "wire/pubsub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace topicloop::broker {

namespace {

constexpr int k_max_polls = 200;

// "Text/Plain; charset=utf-8" is text/plain.
std::string media_type(const std::string& content_type) {
  std::string type = content_type.substr(0, content_type.find(';'));
  type.erase(type.find_last_not_of(" \t") + 1);
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type;
}

void append_json(std::string& out, const model::Message& message) {
  out += fmt::format(R"({{"item":{{"topic_sequence_number":{},"sequence_page":{},"value":{{)",
                     message.sequence_number, message.sequence_page);
  if (message.value.is_text()) {
    out += "\"text\":";
    append_json_string(out, message.value.bytes);
  } else {
    out += "\"binary\":";
    append_json_string(out, to_base64(message.value.bytes));
  }
  out += "}}}";
}

void append_json(std::string& out, const model::Discontinuity& gap) {
  out += fmt::format(R"({{"discontinuity":{{"last_topic_sequence":{},"new_topic_sequence":{},)"
                     R"("new_sequence_page":{}}}}})",
                     gap.last_topic_sequence, gap.new_topic_sequence, gap.new_sequence_page);
}

// Counts one poll for as long as it lasts.
class Slot {
public:
  explicit Slot(std::atomic<int>& taken) : taken_(taken), is_free_(++taken <= k_max_polls) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { --taken_; }
  bool is_free() const { return is_free_; }

private:
  std::atomic<int>& taken_;
  bool is_free_;
};

}  // namespace

Result<model::Value> value_of(const std::string& content_type, std::string body) {
  const std::string type = media_type(content_type);
  if (type == "application/octet-stream") return model::Value::binary(std::move(body));
  const auto bad = find_invalid_utf8(body);
  if (!bad) return model::Value::text(std::move(body));
  if (type != "text/plain") return model::Value::binary(std::move(body));
  return Error{ErrorKind::InvalidArgument,
               fmt::format("the text is not UTF-8 at byte {}; send bytes as "
                           "application/octet-stream",
                           *bad),
               ""};
}

Result<std::string> items_to_json(const std::vector<PollItem>& items) {
  std::string json = R"({"items":[)";
  for (const PollItem& item : items) {
    if (json.back() != '[') json += ',';
    if (const auto* gap = std::get_if<model::Discontinuity>(&item)) {
      append_json(json, *gap);
      continue;
    }
    const auto event = wire::parse_subscription_item(*std::get<SharedBytes>(item), "", "");
    if (!event) return event.error();
    append_json(json, std::get<model::Message>(*event));  // A log holds nothing else.
  }
  return json + "]}";
}

HttpAnswer HttpTopics::publish(TopicCall call, const std::string& content_type, std::string body) {
  auto value = value_of(content_type, std::move(body));
  if (!value) return error_answer(value.error());
  wire::PublishRequest request{std::move(call.cache), std::move(call.topic), *std::move(value)};
  const auto published = ask<std::uint64_t>(
      loop_, [&topics = topics_, key = std::move(call.key), request = std::move(request)] {
        return topics.publish(key, request, std::chrono::system_clock::now());
      });
  if (!published) return error_answer(published.error());
  return {.status = 204, .body = "", .content_type = ""};
}

HttpAnswer HttpTopics::poll(TopicCall call, const model::ResumePoint& resume, int connection) {
  const Slot slot(polls_);
  if (!slot.is_free()) {
    return error_answer(http_status(ErrorKind::LimitExceeded),
                        fmt::format("there are {} polls already", k_max_polls));
  }
  const auto items = poll_topic(loop_, topics_,
                                {.key = std::move(call.key),
                                 .topic = {std::move(call.cache), std::move(call.topic), resume},
                                 .connection = connection,
                                 .timeout = poll_timeout_});
  if (!items) return error_answer(items.error());
  auto json = items_to_json(*items);
  if (!json) return error_answer(json.error());
  return {.status = 200, .body = *std::move(json)};
}

}  // namespace topicloop::broker
