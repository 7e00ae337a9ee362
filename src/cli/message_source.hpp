// SPDX-License-Identifier: Apache-2.0
// Where publish's messages come from: an argument, a file, the lines of standard input.
//
// Gives them one at a time, checked to be what can be published, each with the name that error
// messages call it by. Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/line_reader.hpp"
#include "model/message.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace topicloop::cli {

struct SourceOptions {
  std::optional<std::string> value;  // The message itself.
  std::string file;                  // Or the file that is one, "-" for standard input. Or neither:
  bool json = false;                 // each line is one, as it is or as a JSON record.
  bool binary = false;               // Values are bytes and not text.
  std::uint64_t repeat = 1;          // Of the value or the file.
};

struct SourceMessage {
  model::Value value;
  std::string name;  // "line 3 of standard input".
};

class MessageSource {
public:
  MessageSource(const SourceOptions& options, const Context& context);

  // The next message; nothing at the end, on a stop or if `before_waiting` says so (LineReader). An
  // error, BadInput, is about one message: the next call gives the one after it.
  Result<std::optional<SourceMessage>> next(const LineReader::BeforeWaiting& before_waiting);

  bool is_stdin_lines() const { return !options_.value && options_.file.empty(); }
  // How many messages there will be, if that is known.
  std::optional<std::uint64_t> total() const;

private:
  Result<std::optional<SourceMessage>> next_line(const LineReader::BeforeWaiting& before_waiting);
  Result<SourceMessage> checked(std::string bytes, std::string name) const;
  Result<std::string> read_content() const;

  const SourceOptions& options_;
  const Context& context_;
  LineReader lines_;
  std::uint64_t given_ = 0;
  bool is_broken_ = false;                // Standard input cannot be read on.
  std::optional<SourceMessage> content_;  // Of the value or the file, once it was read.
};

}  // namespace topicloop::cli
