// SPDX-License-Identifier: Apache-2.0
#include "broker/topic_log.hpp"

#include <utility>

namespace topicloop::broker {

TopicLog::TopicLog(std::uint64_t sequence_page, Retention retention)
    : sequence_page_(sequence_page), retention_(retention) {}

void TopicLog::append(SystemTime published_at, SharedBytes item) {
  bytes_ += item->size();
  entries_.push_back({next_++, published_at, std::move(item)});
  while (entries_.size() > 1 &&
         (entries_.size() > retention_.messages || bytes_ > retention_.bytes)) {
    bytes_ -= entries_.front().item->size();
    entries_.pop_front();
  }
}

Cursor TopicLog::attach(const model::ResumePoint& resume) const {
  const std::uint64_t wanted = resume.sequence_number;
  if (wanted == 0) return {.next = next_, .pending = std::nullopt};

  const bool other_page = resume.sequence_page != 0 && resume.sequence_page != sequence_page_;
  if (other_page) {
    // The numbering started over: all of this page is new to the reader.
    return {.next = oldest(),
            .pending = model::Discontinuity{wanted, oldest() - 1, sequence_page_}};
  }
  if (wanted > next_) {
    // Never given out on this page, so the reader's knowledge is of some other life of the topic.
    return {.next = next_, .pending = model::Discontinuity{wanted, next_ - 1, sequence_page_}};
  }
  // Number 1 without a page asks for "some recent history", so its beginning is not a loss.
  if (wanted == 1 && resume.sequence_page == 0) return {.next = oldest(), .pending = std::nullopt};
  return {.next = wanted, .pending = std::nullopt};
}

LogRead TopicLog::read(Cursor& cursor) const {
  const bool fell_off = cursor.next < oldest();
  if (cursor.pending || fell_off) {
    // Of a loss that grew until it is read, readers are told once and by its bounds of now.
    auto lost = std::exchange(cursor.pending, std::nullopt)
                    .value_or(model::Discontinuity{cursor.next, 0, sequence_page_});
    if (fell_off) {
      cursor.next = oldest();
      lost.new_topic_sequence = oldest() - 1;
    }
    return lost;
  }
  if (cursor.next >= next_) return std::monostate{};
  return &entries_[cursor.next++ - oldest()];
}

}  // namespace topicloop::broker
