// SPDX-License-Identifier: Apache-2.0
// Whether the messages that come out on a topic are those that are expected, each a case of its
// own.
//
// In order, each is compared with the one expected in its place; otherwise with all that have not
// come yet. Pure; not thread-safe.
#pragma once

#include "model/message.hpp"
#include "replay/message_file.hpp"
#include "replay/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace topicloop::replay {

class MessageExpectations {
public:
  struct Options {
    std::string topic;
    std::string file;  // Where the expected messages are.
    bool is_ordered = true;
    std::vector<std::string> ignored = {};  // As compare_bodies() takes them.
  };

  MessageExpectations(Options options, std::vector<FileMessage> expected);

  void take(const model::Message& message);
  // As many have come as are expected.
  bool is_complete() const { return taken_ >= expected_.size(); }
  std::size_t missing() const { return is_complete() ? 0 : expected_.size() - taken_; }

  // The cases in the file's order, then what was not expected. `waited` is said of what is missing.
  std::vector<CaseResult> conclude(const std::string& waited) const;

private:
  struct State {
    enum class Kind { Missing, Met, Different };
    Kind kind = Kind::Missing;
    std::string reason;
    std::string detail;
  };

  bool meets(std::size_t place, const model::Message& message);
  void compare_in_place(const model::Message& message);
  CaseResult case_at(std::size_t place) const;

  const Options options_;
  const std::vector<FileMessage> expected_;
  std::vector<State> states_;      // Of the expected messages.
  std::size_t first_missing_ = 0;  // Before it, none is missing.
  std::size_t taken_ = 0;          // Messages that came.
  std::vector<CaseResult> unexpected_;
  std::size_t more_unexpected_ = 0;  // That are counted only.
};

}  // namespace topicloop::replay
