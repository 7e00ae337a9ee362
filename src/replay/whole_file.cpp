// SPDX-License-Identifier: Apache-2.0
#include "replay/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace topicloop::replay {

namespace {

constexpr std::size_t k_buffer = 65'536;
constexpr mode_t k_new_file = 0600;  // What is captured is nobody else's business.

}  // namespace

Error WholeFile::error() const {
  return {ErrorKind::BadInput, fmt::format("cannot write {}: {}", path_, std::strerror(errno)), ""};
}

Result<WholeFile> WholeFile::open(const std::string& path) {
  WholeFile file;
  file.path_ = path;
  std::error_code failure;
  const auto target = std::filesystem::weakly_canonical(path, failure);
  file.target_ = failure ? path : target.string();
  struct stat status {};
  const bool is_there = ::stat(file.target_.c_str(), &status) == 0;
  if (is_there && !S_ISREG(status.st_mode)) {
    return Error{ErrorKind::BadInput, fmt::format("cannot replace {}: it is not a file", path), ""};
  }
  file.temporary_ = file.target_ + ".XXXXXX";
  file.fd_ = ::mkostemp(file.temporary_.data(), O_CLOEXEC);
  if (file.fd_ < 0) {
    file.temporary_.clear();
    return file.error();
  }
  if (::fchmod(file.fd_, is_there ? status.st_mode & 07777 : k_new_file) != 0) return file.error();
  return file;
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      buffer_(std::move(other.buffer_)),
      fd_(std::exchange(other.fd_, -1)) {}

WholeFile::~WholeFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> WholeFile::write(std::string_view bytes) {
  buffer_ += bytes;
  return buffer_.size() < k_buffer ? Result<void>() : write_out();
}

Result<void> WholeFile::write_out() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t count = ::write(fd_, left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return error();
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  buffer_.clear();
  return {};
}

Result<void> WholeFile::commit() {
  if (auto written = write_out(); !written) return written;
  if (::fsync(fd_) != 0 && errno != EINVAL && errno != EROFS) return error();
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return error();
  temporary_.clear();
  return {};
}

}  // namespace topicloop::replay
