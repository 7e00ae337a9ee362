// SPDX-License-Identifier: Apache-2.0
// Puts new answers in the place of those recorded in a capture, and leaves every other byte alone.
//
// Answers are put aside on the disk until the file is replaced as a whole; 60 bytes of memory each.
// Nobody may write to the capture meanwhile. Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "replay/event.hpp"
#include "replay/spool.hpp"
#include "replay/verdict.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace topicloop::replay {

class AnswerUpdates {
public:
  // BadInput naming the file if it is no file, is compressed, or is being written to.
  static Result<AnswerUpdates> open(const std::string& path);
  AnswerUpdates(AnswerUpdates&& other) noexcept;
  AnswerUpdates& operator=(AnswerUpdates&&) = delete;
  ~AnswerUpdates();

  // To a request of this file. The last one counts.
  Result<void> add(const Event& event, const Answer& answer);
  // Replaces the file. BadInput if it cannot be; then it is as it was.
  Result<void> write();

private:
  AnswerUpdates(std::string path, int fd, Spool answers)
      : path_(std::move(path)), fd_(fd), answers_(std::move(answers)) {}

  Result<std::string> updated(const std::string& line, std::uint64_t answer) const;

  std::string path_;
  int fd_ = -1;  // Locked.
  Spool answers_;
  std::map<std::uint64_t, std::uint64_t> by_line_;
};

}  // namespace topicloop::replay
