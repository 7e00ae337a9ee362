// SPDX-License-Identifier: Apache-2.0
#include "wire/pubsub.hpp"

#include "pubsub.pb.h"
#include "wire/parse.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>
#include <variant>

namespace topicloop::wire {
namespace {

namespace proto = cache_client::pubsub;

void write_value(proto::_TopicValue& out, const model::Value& value) {
  if (value.is_text()) {
    out.set_text(value.bytes);
  } else {
    out.set_binary(value.bytes);
  }
}

// Nothing if no kind is set.
std::optional<model::Value> take_value(proto::_TopicValue& value) {
  switch (value.kind_case()) {
    case proto::_TopicValue::kText:
      return model::Value::text(std::move(*value.mutable_text()));
    case proto::_TopicValue::kBinary:
      return model::Value::binary(std::move(*value.mutable_binary()));
    case proto::_TopicValue::KIND_NOT_SET:
      break;
  }
  return std::nullopt;
}

model::Message take_message(proto::_TopicItem& item, const std::string& cache,
                            const std::string& topic) {
  auto value = take_value(*item.mutable_value());
  return {.cache = cache,
          .topic = topic,
          .sequence_number = item.topic_sequence_number(),
          .sequence_page = item.sequence_page(),
          .publisher_id = std::move(*item.mutable_publisher_id()),
          .value = value ? std::move(*value) : model::Value::binary({})};
}

void write_item(proto::_TopicItem& out, std::uint64_t sequence_number, std::uint64_t sequence_page,
                std::string_view publisher_id, const model::Value& value) {
  out.set_topic_sequence_number(sequence_number);
  out.set_sequence_page(sequence_page);
  out.set_publisher_id(publisher_id.data(), publisher_id.size());
  write_value(*out.mutable_value(), value);
}

struct EventWriter {
  proto::_SubscriptionItem& out;

  void operator()(const model::Message& message) const {
    write_item(*out.mutable_item(), message.sequence_number, message.sequence_page,
               message.publisher_id, message.value);
  }
  void operator()(const model::Discontinuity& gap) const {
    auto& discontinuity = *out.mutable_discontinuity();
    discontinuity.set_last_topic_sequence(gap.last_topic_sequence);
    discontinuity.set_new_topic_sequence(gap.new_topic_sequence);
    discontinuity.set_new_sequence_page(gap.new_sequence_page);
  }
  void operator()(const model::Heartbeat&) const { out.mutable_heartbeat(); }
};

}  // namespace

std::string serialize(const PublishRequest& request) {
  proto::_PublishRequest message;
  message.set_cache_name(request.cache);
  message.set_topic(request.topic);
  write_value(*message.mutable_value(), request.value);
  return message.SerializeAsString();
}

std::string serialize(const SubscribeRequest& request) {
  proto::_SubscriptionRequest message;
  message.set_cache_name(request.cache);
  message.set_topic(request.topic);
  message.set_resume_at_topic_sequence_number(request.resume.sequence_number);
  message.set_sequence_page(request.resume.sequence_page);
  return message.SerializeAsString();
}

Result<PublishRequest> parse_publish_request(std::string_view bytes) {
  proto::_PublishRequest message;
  auto parsed = parse_into(message, bytes, ErrorKind::InvalidArgument, "_PublishRequest");
  if (!parsed) return std::move(parsed).error();
  auto value = take_value(*message.mutable_value());
  if (!value) {
    return Error{ErrorKind::InvalidArgument, "malformed _PublishRequest: no value is set", {}};
  }
  return PublishRequest{.cache = std::move(*message.mutable_cache_name()),
                        .topic = std::move(*message.mutable_topic()),
                        .value = std::move(*value)};
}

Result<SubscribeRequest> parse_subscribe_request(std::string_view bytes) {
  proto::_SubscriptionRequest message;
  auto parsed = parse_into(message, bytes, ErrorKind::InvalidArgument, "_SubscriptionRequest");
  if (!parsed) return std::move(parsed).error();
  return SubscribeRequest{
      .cache = std::move(*message.mutable_cache_name()),
      .topic = std::move(*message.mutable_topic()),
      .resume = {message.resume_at_topic_sequence_number(), message.sequence_page()}};
}

std::string serialize_item(std::uint64_t sequence_number, std::uint64_t sequence_page,
                           std::string_view publisher_id, const model::Value& value) {
  proto::_SubscriptionItem message;
  write_item(*message.mutable_item(), sequence_number, sequence_page, publisher_id, value);
  return message.SerializeAsString();
}

std::string serialize(const model::SubscriptionEvent& event) {
  proto::_SubscriptionItem message;
  std::visit(EventWriter{message}, event);
  return message.SerializeAsString();
}

std::string to_header(const model::ResumePoint& position) {
  return fmt::format("{}/{}", position.sequence_number, position.sequence_page);
}

std::optional<model::ResumePoint> parse_position(std::string_view text) {
  model::ResumePoint position;
  const char* const end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, position.sequence_number);
  if (number.ec != std::errc() || number.ptr == end || *number.ptr != '/') return std::nullopt;
  const auto page = std::from_chars(number.ptr + 1, end, position.sequence_page);
  if (page.ec != std::errc() || page.ptr != end) return std::nullopt;
  return position;
}

Result<model::SubscriptionEvent> parse_subscription_item(std::string_view bytes,
                                                         const std::string& cache,
                                                         const std::string& topic) {
  using model::SubscriptionEvent;
  proto::_SubscriptionItem message;
  auto parsed = parse_into(message, bytes, ErrorKind::ServiceFailed, "_SubscriptionItem");
  if (!parsed) return std::move(parsed).error();
  switch (message.kind_case()) {
    case proto::_SubscriptionItem::kItem:
      return SubscriptionEvent{take_message(*message.mutable_item(), cache, topic)};
    case proto::_SubscriptionItem::kDiscontinuity: {
      const auto& gap = message.discontinuity();
      return SubscriptionEvent{model::Discontinuity{
          gap.last_topic_sequence(), gap.new_topic_sequence(), gap.new_sequence_page()}};
    }
    case proto::_SubscriptionItem::kHeartbeat:
    // A kind that came after us. All we know is that the service is alive; should it stand for a
    // message, the next one's number shows that.
    case proto::_SubscriptionItem::KIND_NOT_SET:
      break;
  }
  return SubscriptionEvent{model::Heartbeat{}};
}

}  // namespace topicloop::wire
