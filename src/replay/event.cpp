// SPDX-License-Identifier: Apache-2.0
#include "replay/event.hpp"

#include <fmt/format.h>

#include <utility>

namespace topicloop::replay {

const model::HttpExchange* Event::exchange() const {
  return std::get_if<model::HttpExchange>(&record.content);
}

const model::Message* Event::captured() const {
  return std::get_if<model::Message>(&record.content);
}

const std::string& Event::content() const {
  return exchange() != nullptr ? exchange()->request.body : captured()->value.bytes;
}

std::string& Event::content() {
  auto* request = std::get_if<model::HttpExchange>(&record.content);
  if (request != nullptr) return request->request.body;
  return std::get<model::Message>(record.content).value.bytes;
}

std::string Event::position() const {
  return fmt::format("{}:{}", file, line);
}

std::string Event::name() const {
  std::string name;
  if (const auto* of_topic = captured()) {
    name = fmt::format("{} #{}", of_topic->topic, of_topic->sequence_number);
  } else if (event) {
    name = fmt::format("{} #{}", event->topic, event->sequence_number);
  } else {
    name = fmt::format("{} {}", exchange()->request.method, exchange()->request.target);
  }
  if (exchange() != nullptr && !exchange()->id.empty()) {
    name += fmt::format(" [{}]", exchange()->id);
  }
  if (round > 1) name += fmt::format(" ({})", round);
  return name;
}

std::optional<model::Message> Event::message() const {
  if (const auto* of_topic = captured()) return *of_topic;
  if (!event) return std::nullopt;
  return model::Message{event->cache,    event->topic,  event->sequence_number, 0,
                        event->token_id, event->payload};
}

Event make_event(std::string file, std::uint64_t line, model::CaptureRecord record) {
  Event made{std::move(file), line, 1, std::move(record), std::nullopt};
  if (const auto* exchange = made.exchange()) made.event = capture::event_of(*exchange);
  return made;
}

}  // namespace topicloop::replay
