// SPDX-License-Identifier: Apache-2.0
#include "replay/report_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace topicloop::replay {

namespace {

constexpr std::size_t k_buffer_size = 65'536;
constexpr int k_attempts = 100;  // At a name that nobody else uses.

Error cannot_write(const std::string& path, int error) {
  return {ErrorKind::BadInput,
          fmt::format("cannot write {}: {}", path, std::generic_category().message(error)), ""};
}

// What the name stands for; the name itself if there is nothing yet.
std::string resolved(const std::string& path) {
  std::error_code error;
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

}  // namespace

Result<ReportFile> ReportFile::open(const std::string& path) {
  ReportFile file(path);
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return cannot_write(path, EISDIR);
  if (exists && ::access(path.c_str(), W_OK) != 0) return cannot_write(path, errno);
  if (exists && !S_ISREG(status.st_mode)) {
    file.device_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (file.device_ < 0 || !file.open_spool()) return cannot_write(path, errno);
    return file;
  }
  file.target_ = resolved(path);
  if (!file.open_beside()) return cannot_write(path, errno);
  if (exists) ::fchmod(file.fd_, status.st_mode & 07777U);
  return file;
}

ReportFile::ReportFile(ReportFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)),
      device_(std::exchange(other.device_, -1)),
      failure_(other.failure_),
      buffer_(std::move(other.buffer_)) {}

ReportFile::~ReportFile() {
  if (fd_ >= 0) ::close(fd_);
  if (device_ >= 0) ::close(device_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

// With the permissions that a new file gets, unlike mkstemp's.
bool ReportFile::open_beside() {
  for (int attempt = 0; attempt < k_attempts; ++attempt) {
    std::string name = fmt::format("{}.{}-{}.part", target_, ::getpid(), attempt);
    fd_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd_ >= 0) temporary_ = std::move(name);
    if (fd_ >= 0 || errno != EEXIST) break;
  }
  return fd_ >= 0;
}

bool ReportFile::open_spool() {
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / "topicloop-XXXXXX").string();
  fd_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd_ >= 0) ::unlink(name.c_str());
  return fd_ >= 0;
}

void ReportFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= k_buffer_size) flush();
}

void ReportFile::flush() {
  put(fd_, buffer_);
  buffer_.clear();
}

void ReportFile::write_at_start(std::string_view bytes) {
  flush();
  if (::lseek(fd_, 0, SEEK_SET) < 0 && failure_ == 0) failure_ = errno;
  put(fd_, bytes);
  if (::lseek(fd_, 0, SEEK_END) < 0 && failure_ == 0) failure_ = errno;
}

void ReportFile::put(int fd, std::string_view bytes) {
  while (failure_ == 0 && !bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) failure_ = errno;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void ReportFile::copy_to_device() {
  std::array<char, k_buffer_size> buffer;
  if (::lseek(fd_, 0, SEEK_SET) < 0 && failure_ == 0) failure_ = errno;
  while (failure_ == 0) {
    const ssize_t size = ::read(fd_, buffer.data(), buffer.size());
    if (size == 0) return;
    if (size < 0 && errno != EINTR) failure_ = errno;
    if (size > 0) put(device_, {buffer.data(), static_cast<std::size_t>(size)});
  }
}

Result<void> ReportFile::commit() {
  flush();
  if (device_ >= 0) {
    copy_to_device();
  } else if (failure_ == 0) {
    if (::fsync(fd_) != 0 || ::rename(temporary_.c_str(), target_.c_str()) != 0) {
      failure_ = errno;
    } else {
      temporary_.clear();
    }
  }
  if (failure_ != 0) return cannot_write(path_, failure_);
  return {};
}

}  // namespace topicloop::replay
