// SPDX-License-Identifier: Apache-2.0
#include "replay/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace topicloop::replay {

namespace {

constexpr std::size_t k_buffer = 65'536;

std::string temporary_folder() {
  const char* folder = std::getenv("TMPDIR");
  return folder == nullptr || *folder == '\0' ? "/tmp" : folder;
}

}  // namespace

Result<Spool> Spool::open() {
  std::string folder = temporary_folder();
  std::string path = folder + "/topicloop-spool-XXXXXX";
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  Spool spool(fd, std::move(folder));
  if (fd < 0) return spool.error("put events aside");
  ::unlink(path.c_str());
  return spool;
}

Spool::Spool(Spool&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      folder_(std::move(other.folder_)),
      ends_(std::move(other.ends_)),
      buffer_(std::move(other.buffer_)),
      written_(other.written_) {}

Spool& Spool::operator=(Spool&& other) noexcept {
  std::swap(fd_, other.fd_);
  folder_ = std::move(other.folder_);
  ends_ = std::move(other.ends_);
  buffer_ = std::move(other.buffer_);
  written_ = other.written_;
  return *this;
}

Spool::~Spool() {
  if (fd_ >= 0) ::close(fd_);
}

Error Spool::error(const char* what) const {
  return {ErrorKind::BadInput,
          fmt::format("cannot {} in {}: {}", what, folder_, std::strerror(errno)),
          "TMPDIR names another folder"};
}

Result<void> Spool::add(std::string_view piece) {
  buffer_ += piece;
  ends_.push_back(written_ + buffer_.size());
  if (buffer_.size() >= k_buffer) return write_out();
  return {};
}

Result<void> Spool::write_out() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t count = ::write(fd_, left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return error("put events aside");
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<std::string> Spool::get(std::uint64_t number) const {
  const std::uint64_t begin = number == 0 ? 0 : ends_[number - 1];
  std::string piece(ends_[number] - begin, '\0');
  // A piece is written whole.
  if (begin >= written_) {
    piece.assign(buffer_, begin - written_, piece.size());
    return piece;
  }
  for (std::size_t done = 0; done < piece.size();) {
    const ssize_t count =
        ::pread(fd_, piece.data() + done, piece.size() - done, static_cast<off_t>(begin + done));
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) errno = EIO;
    if (count <= 0) return error("read what was put aside");
    done += static_cast<std::size_t>(count);
  }
  return piece;
}

}  // namespace topicloop::replay
