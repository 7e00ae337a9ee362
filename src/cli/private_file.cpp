// SPDX-License-Identifier: Apache-2.0
#include "cli/private_file.hpp"

#include "base/text.hpp"
#include "cli/context.hpp"
#include "webhook/signature.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

namespace topicloop::cli {

namespace {

constexpr std::size_t k_shortest_secret = 32;
constexpr std::size_t k_longest_secret = 4'096;

class File {
public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (is_open()) ::close(fd_);
  }

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  // False with errno set if not all could be written and brought to disk.
  bool write_all(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(fd_) == 0 || errno == EINVAL || errno == EROFS;
  }

  // At most one byte more than a secret may have.
  std::optional<std::string> read() const {
    std::string bytes(k_longest_secret + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
      const ssize_t count = ::read(fd_, bytes.data() + size, bytes.size() - size);
      if (count < 0 && errno != EINTR) return std::nullopt;
      if (count == 0) break;
      if (count > 0) size += static_cast<std::size_t>(count);
    }
    bytes.resize(size);
    return bytes;
  }

private:
  int fd_;
};

CommandError failed(std::string_view what, const std::string& path, int error) {
  return CommandError(
      {ErrorKind::BadInput,
       fmt::format("cannot {} {}: {}", what, path, std::generic_category().message(error)), ""});
}

// Of the open file: what its name stands for may change.
void check_privacy(const File& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) throw failed("read", path, errno);
  const unsigned int mode = status.st_mode & 0777U;
  if ((mode & 0077U) == 0) return;
  throw CommandError(
      {ErrorKind::BadInput,
       fmt::format("{} holds a secret and is open to others (mode {:04o})", path, mode),
       fmt::format("chmod 600 {}", path)});
}

// The file that `path` stands for. Replacing a device, say, would take it from everybody else.
std::string regular_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  if (!std::filesystem::exists(status)) return path;  // Or not to be seen: writing it tells why.
  if (!std::filesystem::is_regular_file(path, error)) {
    throw CommandError({ErrorKind::BadInput, fmt::format("{} is not a regular file", path), ""});
  }
  if (!std::filesystem::is_symlink(status)) return path;
  const auto target = std::filesystem::canonical(path, error);
  if (error) throw failed("write", path, error.value());
  return target.string();
}

// False if somebody else has made the file meanwhile.
bool make_file(const std::string& path, const std::string& content) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open() && errno == EEXIST) return false;
  if (!file.is_open()) throw failed("make", path, errno);
  if (!file.write_all(content)) {
    const int error = errno;
    ::unlink(path.c_str());
    throw failed("write", path, error);
  }
  return true;
}

}  // namespace

std::string read_auth_secret(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) throw failed("read", path, errno);
  check_privacy(file, path);
  const auto content = file.read();
  if (!content) throw failed("read", path, errno);
  std::string secret(trimmed(*content));
  if (secret.size() < k_shortest_secret || content->size() > k_longest_secret) {
    throw CommandError({ErrorKind::BadInput,
                        fmt::format("{} holds no signing secret: expected {} to {} characters",
                                    path, k_shortest_secret, k_longest_secret),
                        ""});
  }
  return secret;
}

std::string read_or_make_auth_secret(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    std::string secret = webhook::generate_secret();
    if (make_file(path, secret + "\n")) return secret;
  }
  return read_auth_secret(path);
}

void write_private_file(const std::string& path, const std::string& content) {
  const std::string target = regular_file(path);
  std::string temporary = target + ".XXXXXX";
  const File file(::mkostemp(temporary.data(), O_CLOEXEC));  // With mode 0600.
  if (!file.is_open()) throw failed("write", path, errno);
  if (file.write_all(content) && ::rename(temporary.c_str(), target.c_str()) == 0) return;
  const int error = errno;
  ::unlink(temporary.c_str());
  throw failed("write", path, error);
}

}  // namespace topicloop::cli
