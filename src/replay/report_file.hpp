// SPDX-License-Identifier: Apache-2.0
// A file that is there as a whole once it is committed, and until then as it was before.
//
// Written beside its place under another name, which goes if it is never committed. What is there
// and no regular file (a pipe, /dev/stdout) gets it all at the end. One thread at a time.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace topicloop::replay {

class ReportFile {
public:
  // BadInput, naming the file, if it cannot be written.
  static Result<ReportFile> open(const std::string& path);

  ReportFile(ReportFile&& other) noexcept;
  ReportFile& operator=(ReportFile&&) = delete;
  ~ReportFile();

  // Failures are kept for commit().
  void write(std::string_view bytes);
  // Overwrites what has been written first.
  void write_at_start(std::string_view bytes);
  Result<void> commit();

private:
  explicit ReportFile(std::string path) : path_(std::move(path)) {}

  bool open_beside();
  bool open_spool();
  void flush();
  void put(int fd, std::string_view bytes);
  void copy_to_device();

  std::string path_;       // As it was named.
  std::string target_;     // What it stands for; empty for a device.
  std::string temporary_;  // What exists as long as this is not empty.
  int fd_ = -1;
  int device_ = -1;
  int failure_ = 0;  // The first error number.
  std::string buffer_;
};

}  // namespace topicloop::replay
