// SPDX-License-Identifier: Apache-2.0
// Several captures read as one, by the time of their records.
//
// Holds one record a file. Each file's own order is kept, also where its records overlapped, and of
// equal times the file named first comes first. Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "capture/file.hpp"

#include <optional>
#include <vector>

namespace topicloop::capture {

class Merge {
public:
  explicit Merge(std::vector<Reader> readers);

  // The next record; nothing at the end of all files. Errors are the readers'.
  Result<std::optional<model::CaptureRecord>> next();

private:
  struct Source {
    Reader reader;
    std::optional<model::CaptureRecord> head;
    bool is_read = false;  // `head` is what comes next, or there is nothing.
  };

  std::vector<Source> sources_;
};

}  // namespace topicloop::capture
