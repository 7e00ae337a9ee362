// SPDX-License-Identifier: Apache-2.0
// Where publish's messages come from: an argument, a file, the lines of standard input, the records
// of a capture.
//
// Gives them one at a time, checked to be what can be published, each with the name that error
// messages call it by. Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "capture/line_stream.hpp"
#include "cli/context.hpp"
#include "cli/line_reader.hpp"
#include "model/message.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace topicloop::cli {

struct SourceOptions {
  std::optional<std::string> value;  // The message itself.
  std::string file;                  // Or the file that is one, "-" for standard input. Or neither:
                                     // each line of standard input is one.
  bool json = false;                 // Each line, also of the file, is a JSON record.
  bool binary = false;               // Values are bytes and not text.
  std::uint64_t repeat = 1;          // Of the value or the file.
};

struct SourceMessage {
  model::Value value;
  std::string name;  // "line 3 of standard input".
};

class MessageSource {
public:
  using OnWarning = std::function<void(const std::string&)>;

  MessageSource(const SourceOptions& options, const Context& context, OnWarning on_warning);

  // The next message; nothing at the end, on a stop or if `before_waiting` says so (LineReader). An
  // error, BadInput, is about one message: the next call gives the one after it.
  Result<std::optional<SourceMessage>> next(const LineReader::BeforeWaiting& before_waiting);

  bool is_lines() const { return !options_.value && (options_.json || options_.file.empty()); }
  bool is_stdin() const {
    return !options_.value && (options_.file.empty() || options_.file == "-");
  }
  // How many messages there will be, if that is known.
  std::optional<std::uint64_t> total() const;

private:
  struct TakenLine {
    std::string text;
    std::string name;
    bool is_whole = true;  // It ended with LF.
  };

  Result<std::optional<SourceMessage>> next_line(const LineReader::BeforeWaiting& before_waiting);
  Result<std::optional<TakenLine>> take_line(const LineReader::BeforeWaiting& before_waiting);
  Result<std::optional<model::Value>> value_of(const TakenLine& line);
  bool is_torn(const TakenLine& line, const LineReader::BeforeWaiting& before_waiting);
  Result<SourceMessage> checked(std::string bytes, std::string name) const;
  Result<std::string> read_content() const;

  const SourceOptions& options_;
  const Context& context_;
  OnWarning on_warning_;
  LineReader lines_;                         // Of standard input.
  std::optional<capture::LineStream> file_;  // Of records.
  std::optional<TakenLine> ahead_;           // Taken, to see what is before it.
  std::uint64_t given_ = 0;                  // Messages, or lines.
  bool is_capture_ = false;                  // The header of a capture was among them.
  std::int64_t version_ = 0;                 // That it names.
  bool is_broken_ = false;                   // The lines cannot be read on.
  std::optional<SourceMessage> content_;     // Of the value or the file, once it was read.
};

}  // namespace topicloop::cli
