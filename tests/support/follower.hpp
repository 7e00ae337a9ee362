// SPDX-License-Identifier: Apache-2.0
// What a subscriber may rely on, as a model: it checks every event it is given against a history of
// its own and keeps what it would resume with.
//
// Knows retention by its rule (the last so many messages), not by how the log does it.
#pragma once

#include "model/message.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace topicloop::test {

// One topic's past on its present page. All messages count the same.
struct History {
  std::uint64_t page = 1;
  std::uint64_t last = 0;  // The newest number; 0 before the first.
  std::uint64_t retained = 1;

  std::uint64_t oldest() const { return last < retained ? 1 : last - retained + 1; }
};

// What clients ask for after a break: Node and Java for the next number, Go and Rust for the last
// one once more; others for whatever there is, or for what is new.
enum class Resume { Next, Last, Beginning, New };

class Follower {
public:
  // Where the next stream is to begin. What it must give first is fixed here, by what the history
  // is at this moment.
  model::ResumePoint resume(Resume how, const History& history) {
    const model::ResumePoint point = point_for(how);
    expect_gap_ = false;
    if (point.sequence_number == 0) {
      next_ = history.last + 1;
    } else if (point.sequence_number == 1 && point.sequence_page == 0) {
      next_ = history.oldest();
    } else if (point.sequence_page != history.page) {
      expect_gap({point.sequence_number, history.oldest() - 1, history.page});
    } else {
      next_ = point.sequence_number;
      if (next_ < history.oldest()) expect_gap({next_, history.oldest() - 1, history.page});
    }
    page_ = history.page;
    return point;
  }

  // A subscriber that is connected falls behind the history.
  void fall_behind(const History& history) {
    if (next_ < history.oldest()) {
      const std::uint64_t first = expect_gap_ ? expected_gap_.last_topic_sequence : next_;
      expect_gap({first, history.oldest() - 1, history.page});
    }
  }

  void take(const model::Message& message) {
    require(!expect_gap_, "a message where a gap was due");
    require(message.sequence_number == next_, "number " + std::to_string(message.sequence_number) +
                                                  " instead of " + std::to_string(next_));
    require(message.sequence_page == page_, "a message of another page");
    require(message.value.bytes == text_of(page_, next_), "a message with another's text");
    last_ = next_++;
    last_page_ = page_;
  }

  void take(const model::Discontinuity& gap) {
    require(expect_gap_, "a gap where none was due: " + text_of(gap));
    require(gap == expected_gap_, text_of(gap) + " instead of " + text_of(expected_gap_));
    expect_gap_ = false;
    // As the SDKs do: the gap's end counts as seen.
    last_ = gap.new_topic_sequence;
    last_page_ = gap.new_sequence_page;
  }

  // Everything the history still has was given.
  bool is_up_to_date(const History& history) const {
    return !expect_gap_ && next_ == history.last + 1;
  }

  // What a publisher must send as number `number` of `page`.
  static std::string text_of(std::uint64_t page, std::uint64_t number) {
    return std::to_string(page) + "/" + std::to_string(number);
  }

private:
  model::ResumePoint point_for(Resume how) const {
    switch (how) {
      case Resume::Next:
        return last_page_ == 0 ? model::ResumePoint{} : model::ResumePoint{last_ + 1, last_page_};
      case Resume::Last:
        return {last_, last_page_};
      case Resume::Beginning:
        return {1, 0};
      case Resume::New:
        break;
    }
    return {};
  }

  void expect_gap(const model::Discontinuity& gap) {
    expect_gap_ = true;
    expected_gap_ = gap;
    next_ = gap.new_topic_sequence + 1;
  }

  static std::string text_of(const model::Discontinuity& gap) {
    return "gap " + std::to_string(gap.last_topic_sequence) + "-" +
           std::to_string(gap.new_topic_sequence) + " on page " +
           std::to_string(gap.new_sequence_page);
  }

  static void require(bool holds, const std::string& otherwise) {
    if (!holds) throw std::runtime_error("a subscriber got " + otherwise);
  }

  std::uint64_t next_ = 1;  // What must come next on page_, after the gap if there is one due.
  std::uint64_t page_ = 0;
  bool expect_gap_ = false;
  model::Discontinuity expected_gap_;
  std::uint64_t last_ = 0;  // The last it has seen, and on which page; 0: nothing yet.
  std::uint64_t last_page_ = 0;
};

}  // namespace topicloop::test
