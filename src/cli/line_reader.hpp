// SPDX-License-Identifier: Apache-2.0
// Reads lines, or everything, from a descriptor without ever blocking past a stop.
#pragma once

#include "base/error.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace topicloop::cli {

class LineReader {
public:
  // Lines end with LF, which is not part of them; a last line without LF counts. Longer lines than
  // `max_line` bytes are a BadInput error naming their number.
  explicit LineReader(int fd, std::size_t max_line = 10'000'000) : fd_(fd), max_line_(max_line) {}

  // The next line; nothing at the end of input or once `stop` is requested. `before_waiting` is
  // called whenever nothing is there to be read yet.
  Result<std::optional<std::string>> next(std::stop_token stop,
                                          const std::function<void()>& before_waiting = {});

  // All that is left, byte for byte; nothing if `stop` is requested first.
  Result<std::optional<std::string>> rest(std::stop_token stop);

private:
  enum class Fill { More, End, Stopped };
  Result<Fill> fill(const std::stop_token& stop, const std::function<void()>& before_waiting);

  int fd_;
  std::size_t max_line_;
  std::string buffer_;
  std::size_t begin_ = 0;  // Of what has not been given out.
  std::size_t line_ = 0;
  bool ended_ = false;
};

}  // namespace topicloop::cli
