// SPDX-License-Identifier: Apache-2.0
// Capture files: appended to record by record, read back record by record.
//
// A name that ends in .gz or .zst makes a compressed file; reading looks at the content instead.
// Every record is in the file, whole, when write() returns: a process that is killed loses none. A
// last line that is torn nevertheless is skipped with a warning, also after somebody has appended.
#pragma once

#include "base/error.hpp"
#include "capture/record.hpp"
#include "capture/redaction.hpp"
#include "model/capture.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace topicloop::capture {

// Thread-safe.
class Writer {
public:
  // Creates the file or goes on at its end. BadInput naming it if it cannot be written, is not a
  // capture, is of a later version, or is being written by another process.
  static Result<Writer> open(const std::string& path, Redactions redactions = {});
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  ~Writer();  // Ends a compressed file properly.

  // BadInput naming the file if the record is not in it; what was in it before still is, and the
  // next record may succeed.
  Result<void> write(model::CaptureRecord record);

private:
  struct Impl;
  explicit Writer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Holds one record at a time, whatever the size of the file. Not thread-safe.
class Reader {
public:
  using OnWarning = std::function<void(const std::string&)>;

  // BadInput naming the file if it cannot be read.
  static Result<Reader> open(const std::string& path, OnWarning on_warning,
                             std::stop_token stop = {});
  // Reads a descriptor, which stays open; errors call it `name`.
  static Reader of(int fd, std::string name, OnWarning on_warning, std::stop_token stop = {});
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  // The next record; nothing at the end or on a stop. After an error, BadInput naming FILE:LINE,
  // there is nothing more to read.
  Result<std::optional<model::CaptureRecord>> next();

  // FILE:LINE of the record that came last.
  std::string position() const;
  std::uint64_t line_number() const;

private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::capture
