// SPDX-License-Identifier: Apache-2.0
#include "topic/resume.hpp"

#include <algorithm>
#include <utility>

namespace topicloop::topic {

namespace {

constexpr std::chrono::milliseconds k_shortest_wait{100};
constexpr std::chrono::milliseconds k_longest_wait{5'000};

}  // namespace

Resume::Resume(std::string cache, std::string topic, model::ResumePoint start)
    : cache_(std::move(cache)),
      topic_(std::move(topic)),
      start_(start),
      page_(start.sequence_page) {
  // Number 0 asks for what is new, and 1 on no page for whatever there is: no number is expected.
  const bool names_a_message = start.sequence_number > 1 || start.sequence_page != 0;
  if (names_a_message) lowest_ = expected_ = start.sequence_number;
}

model::ResumePoint Resume::point() const {
  if (expected_ == 0) return start_;
  return {.sequence_number = expected_, .sequence_page = page_};
}

void Resume::begin_at(const model::ResumePoint& position) {
  if (expected_ != 0) return;  // We know better: it was asked for.
  lowest_ = expected_ = position.sequence_number;
  page_ = position.sequence_page;
}

Meaning Resume::take(model::SubscriptionEvent event) {
  if (auto* message = std::get_if<model::Message>(&event)) return take_message(std::move(*message));
  if (const auto* discontinuity = std::get_if<model::Discontinuity>(&event)) {
    return {.gap = take_discontinuity(*discontinuity), .event = std::nullopt};
  }
  return {.gap = std::nullopt, .event = model::Heartbeat{}};
}

Meaning Resume::take_message(model::Message message) {
  const bool same_page = page_ == message.sequence_page;
  if (same_page && message.sequence_number < lowest_) return {};
  Meaning meaning;
  meaning.gap = gap_before(message.sequence_number, message.sequence_page);
  page_ = message.sequence_page;
  lowest_ = expected_ = message.sequence_number + 1;
  meaning.event = std::move(message);
  return meaning;
}

std::optional<model::Gap> Resume::take_discontinuity(const model::Discontinuity& discontinuity) {
  // Its second number is the last one lost, by the protocol's definition and by our own service; in
  // one of Momento's own examples it is the number of the message that follows. So that message is
  // expected but its predecessor no repetition.
  const std::uint64_t next = discontinuity.new_topic_sequence + 1;
  auto gap = gap_before(next, discontinuity.new_sequence_page);
  const bool same_page = page_ == 0 || page_ == discontinuity.new_sequence_page;
  // The service has not come as far as we have, or were told to begin: some other life of the
  // topic.
  if (same_page && next < expected_)
    gap = model::Gap{.cache = cache_, .topic = topic_, .missing = {}};
  page_ = discontinuity.new_sequence_page;
  lowest_ = discontinuity.new_topic_sequence;
  expected_ = next;
  return gap;
}

std::optional<model::Gap> Resume::gap_before(std::uint64_t number, std::uint64_t page) const {
  if (expected_ == 0) return std::nullopt;
  // Asked for without a page, a number means the page there is.
  const bool same_page = page_ == 0 || page_ == page;
  if (same_page && number <= expected_) return std::nullopt;
  model::Gap gap{.cache = cache_, .topic = topic_, .missing = {}};
  if (same_page) {
    gap.missing.push_back({.sequence_page = page, .first = expected_, .last = number - 1});
  } else {
    gap.missing.push_back({.sequence_page = page_, .first = expected_, .last = std::nullopt});
    if (number > 1) gap.missing.push_back({.sequence_page = page, .first = 1, .last = number - 1});
  }
  return gap;
}

std::optional<model::Gap> Resume::resumed() const {
  const bool asks_for_history = start_.sequence_number != 0;
  if (expected_ != 0 || asks_for_history) return std::nullopt;
  return model::Gap{.cache = cache_, .topic = topic_, .missing = {}};
}

std::chrono::milliseconds Backoff::next(double chance) {
  const auto full = std::min(k_shortest_wait * (1U << step_), k_longest_wait);
  if (full < k_longest_wait) ++step_;
  return std::chrono::duration_cast<std::chrono::milliseconds>(full * (1.0 - chance / 2));
}

}  // namespace topicloop::topic
