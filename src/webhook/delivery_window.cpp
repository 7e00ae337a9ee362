// SPDX-License-Identifier: Apache-2.0
#include "webhook/delivery_window.hpp"

#include <algorithm>
#include <utility>

namespace topicloop::webhook {

DeliveryWindow::DeliveryWindow(Options options, std::size_t topics)
    : options_(std::move(options)), topics_(topics), under_way_(options_.concurrency.size()) {
  for (Topic& topic : topics_) {
    topic.next_place.resize(under_way_.size());
    topic.under_way.resize(under_way_.size());
  }
}

const DeliveryWindow::Entry* DeliveryWindow::Topic::next_entry(std::size_t endpoint) {
  std::uint64_t& place = next_place[endpoint];
  while (place < first_place + entries.size()) {
    const Entry& entry = entries[place - first_place];
    if (entry.held) return &entry;
    ++place;
  }
  return nullptr;
}

void DeliveryWindow::Topic::drop_settled() {
  while (!entries.empty() && entries.front().open_endpoints == 0) {
    const Entry& first = entries.front();
    advanced = first.next;
    if (first.held) {
      --messages;
      bytes -= first.held->message.value.bytes.size();
    }
    entries.pop_front();
    ++first_place;
  }
  // Nobody can begin with what is gone, skipped entries among it.
  for (std::uint64_t& place : next_place)
    place = std::max(place, first_place);
}

bool DeliveryWindow::has_room(std::size_t topic) const {
  const Topic& asked = topics_[topic];
  return asked.messages < options_.messages && asked.bytes < options_.bytes;
}

void DeliveryWindow::take(std::size_t topic, HeldMessage message) {
  Topic& taking = topics_[topic];
  const model::ResumePoint next{message.message.sequence_number + 1, message.message.sequence_page};
  ++taking.messages;
  taking.bytes += message.message.value.bytes.size();
  taking.entries.push_back(
      {std::make_shared<const HeldMessage>(std::move(message)), under_way_.size(), next});
}

void DeliveryWindow::skip(std::size_t topic, const model::ResumePoint& next) {
  topics_[topic].entries.push_back({nullptr, 0, next});
  topics_[topic].drop_settled();
}

bool DeliveryWindow::may_begin(const Topic& topic, std::size_t endpoint) const {
  if (under_way_[endpoint] >= options_.concurrency[endpoint]) return false;
  return !options_.ordered || topic.under_way[endpoint] == 0;
}

std::optional<DeliveryWindow::Turn> DeliveryWindow::next() {
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    const std::size_t number = (next_topic_ + i) % topics_.size();
    Topic& topic = topics_[number];
    for (std::size_t endpoint = 0; endpoint < under_way_.size(); ++endpoint) {
      if (!may_begin(topic, endpoint)) continue;
      const Entry* entry = topic.next_entry(endpoint);
      if (entry == nullptr) continue;
      const std::uint64_t place = topic.next_place[endpoint]++;
      ++topic.under_way[endpoint];
      ++under_way_[endpoint];
      next_topic_ = number + 1;
      return Turn{entry->held, endpoint, number, place};
    }
  }
  return std::nullopt;
}

void DeliveryWindow::settle(const Turn& turn) {
  Topic& topic = topics_[turn.topic];
  --topic.under_way[turn.endpoint];
  --under_way_[turn.endpoint];
  --topic.entries[turn.place - topic.first_place].open_endpoints;
  topic.drop_settled();
}

std::optional<model::ResumePoint> DeliveryWindow::advanced(std::size_t topic) {
  return std::exchange(topics_[topic].advanced, std::nullopt);
}

std::size_t DeliveryWindow::open() const {
  std::size_t sum = 0;
  for (const Topic& topic : topics_)
    sum += topic.messages;
  return sum;
}

}  // namespace topicloop::webhook
