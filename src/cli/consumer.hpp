// SPDX-License-Identifier: Apache-2.0
// The consumer of the pattern: take a verified webhook event, send it through the sinks in turn.
//
// What a sink may be is in sink/passage.hpp; those that transform and publish are here.
#pragma once

#include "sink/passage.hpp"
#include "topic/client.hpp"
#include "webhook/receiver.hpp"
#include "webhook/transform.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace topicloop::cli {

void add_transform_flag(CLI::App& command, webhook::Transform& transform);

// What the consumer makes of a payload. Binary payloads pass unchanged.
model::Value transformed(webhook::Transform transform, const model::Value& payload);

sink::Sink transform_sink(webhook::Transform transform);

// Publishes what has become of the event; if that is nothing, nothing. {topic} and {cache} in
// `topic` stand for the event's. The client's timeout bounds how long it takes.
sink::Sink publish_sink(std::string topic, topic::Client client, std::string cache);

// `text` with {topic} and {cache} replaced.
std::string filled_in(const std::string& text, const std::string& topic, const std::string& cache);

// Answers 200 once the event is through every sink, else 502 naming the one that failed, so that
// the sender knows; why is for the observer only. May be called from several threads at once.
webhook::Receiver::Handler make_consumer(std::vector<sink::Sink> sinks);

}  // namespace topicloop::cli
