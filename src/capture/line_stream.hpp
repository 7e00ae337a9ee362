// SPDX-License-Identifier: Apache-2.0
// The lines of a file that may be compressed and may have no end, one at a time.
//
// Holds one line and some 300 kB, whatever the size of the file. Not thread-safe.
#pragma once

#include "base/error.hpp"
#include "capture/codec.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace topicloop::capture {

class LineStream {
public:
  struct Text {
    std::string bytes;     // Without the LF that ends it.
    bool is_whole = true;  // It was there; false: the file is cut off here. Then there may be no
                           // bytes: nothing of a torn block of zstd's can be decoded.
  };

  // BadInput naming the file if it cannot be read.
  static Result<LineStream> open(const std::string& path, std::stop_token stop = {});
  // Reads a descriptor, which stays open; errors call it `name`.
  static LineStream of(int fd, std::string name, std::stop_token stop = {});
  LineStream(LineStream&&) noexcept;
  LineStream& operator=(LineStream&&) noexcept;
  ~LineStream();

  // The next line; nothing at the end or on a stop. BadInput naming FILE:LINE if it is longer than
  // k_max_line bytes or cannot be decompressed.
  Result<std::optional<Text>> next();

  const std::string& name() const;
  std::uint64_t line_number() const;  // Of the line that came last.

private:
  struct Impl;
  explicit LineStream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::capture
