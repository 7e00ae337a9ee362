// SPDX-License-Identifier: Apache-2.0
// Pieces of text put aside on the disk, to be taken up again in any order.
//
// Holds 8 bytes of memory a piece; the rest is in a file without a name, which is gone with it,
// however the program ends. Not thread-safe.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::replay {

class Spool {
public:
  // In $TMPDIR, or else in /tmp. BadInput naming the folder if nothing can be written there.
  static Result<Spool> open();
  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&& other) noexcept;
  ~Spool();

  std::uint64_t size() const { return ends_.size(); }
  // The piece's number is what size() was before. After a failure, nothing may be added.
  Result<void> add(std::string_view piece);
  // A number below size().
  Result<std::string> get(std::uint64_t number) const;

private:
  Spool(int fd, std::string folder) : fd_(fd), folder_(std::move(folder)) {}
  Result<void> write_out();
  Error error(const char* what) const;

  int fd_ = -1;
  std::string folder_;
  std::vector<std::uint64_t> ends_;  // Of the pieces, in the file.
  std::string buffer_;               // The end of the file, not written yet.
  std::uint64_t written_ = 0;
};

}  // namespace topicloop::replay
