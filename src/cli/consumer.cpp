// SPDX-License-Identifier: Apache-2.0
#include "cli/consumer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string_view>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr int k_bad_gateway = 502;
constexpr std::string_view k_topic_placeholder = "{topic}";
constexpr std::string_view k_cache_placeholder = "{cache}";

webhook::HandlerAnswer failure(const sink::Sink& sink, const Error& error) {
  const std::string what = sink.name + " failed";
  const nlohmann::ordered_json body{{"status", "error"}, {"reason", what}};
  return {.status = k_bad_gateway,
          .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          .reason = fmt::format("{}: {}", what, error.message)};
}

}  // namespace

void add_transform_flag(CLI::App& command, webhook::Transform& transform) {
  static const std::map<std::string, webhook::Transform> k_transforms = {
      {"identity", webhook::Transform::Identity},
      {"upper", webhook::Transform::Upper},
      {"lower", webhook::Transform::Lower}};
  command
      .add_option_function<std::string>(
          "--transform", [&](const std::string& name) { transform = k_transforms.at(name); },
          "What to do to the text: identity, upper or lower (full Unicode)")
      ->check(CLI::IsMember(k_transforms).description(""))
      ->option_text("NAME");
}

model::Value transformed(webhook::Transform transform, const model::Value& payload) {
  if (!payload.is_text()) return payload;
  return model::Value::text(webhook::apply(transform, payload.bytes));
}

sink::Sink transform_sink(webhook::Transform transform) {
  return {"--transform", [transform](sink::Passage& passage) {
            if (passage.outgoing) passage.outgoing = transformed(transform, *passage.outgoing);
            return Result<void>();
          }};
}

std::string filled_in(const std::string& text, const std::string& topic, const std::string& cache) {
  std::string filled;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const bool is_topic = rest.starts_with(k_topic_placeholder);
    const bool is_cache = rest.starts_with(k_cache_placeholder);
    filled += is_topic ? topic : is_cache ? cache : std::string(rest.substr(0, 1));
    at += is_topic ? k_topic_placeholder.size() : is_cache ? k_cache_placeholder.size() : 1;
  }
  return filled;
}

sink::Sink publish_sink(std::string topic, topic::Client client, std::string cache) {
  std::string name = fmt::format("publishing to \"{}\"", topic);
  return {std::move(name),
          [topic = std::move(topic), client = std::move(client),
           cache = std::move(cache)](sink::Passage& passage) -> Result<void> {
            if (!passage.outgoing) return {};
            return client.publish(cache, filled_in(topic, passage.event.topic, passage.event.cache),
                                  *passage.outgoing);
          }};
}

webhook::Receiver::Handler make_consumer(std::vector<sink::Sink> sinks) {
  return [sinks = std::move(sinks)](const webhook::ReceivedEvent& received) {
    sink::Passage passage{received.event, received.id, received.body, received.headers,
                          received.payload};
    for (const sink::Sink& sink : sinks) {
      if (const auto taken = sink.take(passage); !taken) return failure(sink, taken.error());
    }
    return webhook::HandlerAnswer{};
  };
}

}  // namespace topicloop::cli
