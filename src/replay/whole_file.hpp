// SPDX-License-Identifier: Apache-2.0
// Replacing a file so that nobody ever sees a part of it, and a failure leaves it as it was.
//
// Not thread-safe.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace topicloop::replay {

class WholeFile {
public:
  // Of a symbolic link, the file it stands for; the new file gets the permissions of the one that
  // is there. BadInput naming it if it cannot be written, or is no regular file.
  static Result<WholeFile> open(const std::string& path);
  WholeFile(WholeFile&& other) noexcept;
  WholeFile& operator=(WholeFile&&) = delete;
  ~WholeFile();  // Without commit(), nothing has happened.

  Result<void> write(std::string_view bytes);
  // From now on it is the file.
  Result<void> commit();

private:
  WholeFile() = default;
  Error error() const;
  Result<void> write_out();

  std::string path_;
  std::string target_;
  std::string temporary_;
  std::string buffer_;
  int fd_ = -1;
};

}  // namespace topicloop::replay
