// SPDX-License-Identifier: Apache-2.0
#include "cli/consumer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr int k_bad_gateway = 502;

webhook::HandlerAnswer failure(const std::string& topic, const Error& error) {
  const std::string reason = fmt::format("publishing to \"{}\" failed: {}", topic, error.message);
  const nlohmann::ordered_json body{{"status", "error"}, {"reason", reason}};
  return {k_bad_gateway, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          reason};
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

webhook::Receiver::Handler make_consumer(ConsumerOptions options,
                                         std::optional<topic::Client> client, std::string cache) {
  return [options = std::move(options), client = std::move(client),
          cache = std::move(cache)](const webhook::ReceivedEvent& received) {
    const model::Value value = transformed(options.transform, received.payload);
    for (const auto& topic : options.publish_to) {
      const auto published = client->publish(cache, topic, value);
      if (!published) return failure(topic, published.error());
    }
    return webhook::HandlerAnswer{};
  };
}

}  // namespace topicloop::cli
