// SPDX-License-Identifier: Apache-2.0
#include "webhook/delivery_window.hpp"

#include <utility>

namespace topicloop::webhook {

DeliveryWindow::DeliveryWindow(Options options, std::size_t topics)
    : options_(std::move(options)), topics_(topics), under_way_(options_.concurrency.size()) {
  for (Topic& topic : topics_) {
    topic.next_place.resize(under_way_.size());
    topic.under_way.resize(under_way_.size());
  }
}

bool DeliveryWindow::has_room(std::size_t topic) const {
  const Topic& asked = topics_[topic];
  return asked.entries.size() < options_.messages && asked.bytes < options_.bytes;
}

void DeliveryWindow::take(std::size_t topic, HeldMessage message) {
  Topic& taking = topics_[topic];
  taking.bytes += message.message.value.bytes.size();
  taking.entries.push_back(
      {std::make_shared<const HeldMessage>(std::move(message)), under_way_.size()});
}

bool DeliveryWindow::may_begin(const Topic& topic, std::size_t endpoint) const {
  if (under_way_[endpoint] >= options_.concurrency[endpoint]) return false;
  if (options_.ordered && topic.under_way[endpoint] > 0) return false;
  return topic.next_place[endpoint] < topic.first_place + topic.entries.size();
}

std::optional<DeliveryWindow::Turn> DeliveryWindow::next() {
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    const std::size_t number = (next_topic_ + i) % topics_.size();
    Topic& topic = topics_[number];
    for (std::size_t endpoint = 0; endpoint < under_way_.size(); ++endpoint) {
      if (!may_begin(topic, endpoint)) continue;
      const std::uint64_t place = topic.next_place[endpoint]++;
      ++topic.under_way[endpoint];
      ++under_way_[endpoint];
      next_topic_ = number + 1;
      return Turn{topic.entries[place - topic.first_place].held, endpoint, number, place};
    }
  }
  return std::nullopt;
}

void DeliveryWindow::settle(const Turn& turn) {
  Topic& topic = topics_[turn.topic];
  --topic.under_way[turn.endpoint];
  --under_way_[turn.endpoint];
  --topic.entries[turn.place - topic.first_place].open_endpoints;
  while (!topic.entries.empty() && topic.entries.front().open_endpoints == 0) {
    const model::Message& message = topic.entries.front().held->message;
    topic.advanced = {message.sequence_number + 1, message.sequence_page};
    topic.bytes -= message.value.bytes.size();
    topic.entries.pop_front();
    ++topic.first_place;
  }
}

std::optional<model::ResumePoint> DeliveryWindow::advanced(std::size_t topic) {
  return std::exchange(topics_[topic].advanced, std::nullopt);
}

std::size_t DeliveryWindow::open() const {
  std::size_t sum = 0;
  for (const Topic& topic : topics_)
    sum += topic.entries.size();
  return sum;
}

}  // namespace topicloop::webhook
