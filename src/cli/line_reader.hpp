// SPDX-License-Identifier: Apache-2.0
// Reads lines, or everything, from a descriptor without ever blocking past a stop.
//
// Errors are of kind BadInput and name what is read. Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "capture/codec.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace topicloop::cli {

class LineReader {
public:
  // Lines end with LF, which is not part of them; a last line without LF counts. Longer lines than
  // `max_line` bytes are an error naming their number. `name` is what errors call the input.
  explicit LineReader(int fd, std::string name = "standard input",
                      std::size_t max_line = 10'000'000)
      : fd_(fd), name_(std::move(name)), max_line_(max_line) {}

  // Compressed input, gzip or zstd, is read as what it was before: to be said before anything is
  // read.
  void accept_compressed() { may_be_compressed_ = true; }

  // Called whenever nothing is there to be read yet; false: do not wait for it.
  using BeforeWaiting = std::function<bool()>;

  // The next line; nothing at the end of input, once `stop` is requested or if it is not to wait.
  Result<std::optional<std::string>> next(std::stop_token stop,
                                          const BeforeWaiting& before_waiting = {});

  // The line that came last ended with LF; false: it is what came before the end of input, and may
  // be empty if that is in the middle of something compressed.
  bool is_whole() const { return is_whole_; }

  // All that is left, byte for byte; nothing if `stop` is requested first. More than `max_line`
  // bytes are an error.
  Result<std::optional<std::string>> rest(std::stop_token stop);

private:
  enum class Fill { More, End, Stopped };
  Result<Fill> fill(const std::stop_token& stop, const BeforeWaiting& before_waiting);
  Error cannot_read() const;
  Result<Fill> read_chunk();
  bool knows_compression();
  Result<Fill> decode();

  int fd_;
  std::string name_;
  std::size_t max_line_;
  std::string buffer_;
  std::size_t begin_ = 0;  // Of what has not been given out.
  std::size_t line_ = 0;
  bool ended_ = false;
  bool is_whole_ = true;

  bool may_be_compressed_ = false;
  std::unique_ptr<capture::Decoder> decoder_;  // Nothing: the input is not compressed.
  std::string raw_;                            // What is not decoded yet.
};

// The whole file, byte for byte, whatever it is: a pipe that nobody writes to yet is waited for.
// Nothing if `stop` is requested first.
Result<std::optional<std::string>> read_file(const std::string& path, std::stop_token stop);

}  // namespace topicloop::cli
