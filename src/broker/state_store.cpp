// SPDX-License-Identifier: Apache-2.0
#include "broker/state_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace topicloop::broker {

namespace {

constexpr mode_t k_owner_only_directory = 0700;
constexpr mode_t k_owner_only_file = 0600;

// A descriptor that is closed; close() tells whether that went well.
class File {
public:
  File(const std::string& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, k_owner_only_file)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(); }

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  bool close() { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

private:
  int fd_;
};

std::string reason() {
  return std::generic_category().message(errno);
}

// For what makes a start impossible.
Error unusable(std::string_view what, const std::string& path) {
  return {ErrorKind::BadInput, fmt::format("{} {}: {}", what, path, reason()), ""};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool read_all(int fd, std::string& bytes) {
  std::array<char, 65'536> buffer{};
  while (true) {
    const ssize_t size = ::read(fd, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0;
    bytes.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

Result<int> lock(const std::string& directory) {
  const std::string path = directory + "/lock";
  File file(path, O_RDWR | O_CREAT);
  if (!file.is_open()) return unusable("cannot open", path);
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return unusable("cannot lock", path);
    return Error{ErrorKind::Unavailable,
                 fmt::format("the state directory {} is in use by another service", directory),
                 "end that one first, or give each its own --state DIR"};
  }
  return file.release();
}

}  // namespace

Result<void> make_state_directory(const std::string& directory) {
  std::error_code failure;
  const auto parent = std::filesystem::absolute(directory, failure).parent_path();
  if (!failure) std::filesystem::create_directories(parent, failure);
  if (!failure && ::mkdir(directory.c_str(), k_owner_only_directory) == 0) {
    // Or a crash of the machine could take the directory with it, and all that was kept.
    const File above(parent.string(), O_RDONLY | O_DIRECTORY);
    if (above.is_open()) static_cast<void>(::fsync(above.fd()));
    return {};
  }
  if (!failure && errno == EEXIST) return {};
  if (failure) errno = failure.value();
  return unusable("cannot make the state directory", directory);
}

Result<StateStore> StateStore::open(const std::string& directory, FailureObserver on_failure) {
  if (auto made = make_state_directory(directory); !made) return std::move(made).error();
  auto locked = lock(directory);
  if (!locked) return std::move(locked).error();
  StateStore store(directory, *locked, std::move(on_failure));
  if (auto loaded = store.load(); !loaded) return std::move(loaded).error();
  return store;
}

StateStore::StateStore(std::string directory, int lock, FailureObserver on_failure)
    : directory_(std::move(directory)), lock_(lock), on_failure_(std::move(on_failure)) {}

StateStore::StateStore(StateStore&& other) noexcept
    : directory_(std::move(other.directory_)),
      lock_(std::exchange(other.lock_, -1)),
      on_failure_(std::move(other.on_failure_)),
      state_(std::move(other.state_)),
      is_new_(other.is_new_),
      failing_(other.failing_) {}

StateStore::~StateStore() {
  if (lock_ >= 0) ::close(lock_);
}

Result<void> StateStore::load() {
  const File in(file(), O_RDONLY);
  if (!in.is_open() && errno == ENOENT) return {};
  std::string text;
  if (!in.is_open() || !read_all(in.fd(), text)) return unusable("cannot read", file());
  auto parsed = parse_kept_state(text);
  if (!parsed) {
    return Error{ErrorKind::BadInput,
                 fmt::format("{} cannot be used: {}", file(), parsed.error().message),
                 "mend it or move it away; without it the service starts anew"};
  }
  state_ = *std::move(parsed);
  is_new_ = false;
  return {};
}

Result<void> StateStore::change(const Edit& edit) {
  KeptState changed = state_;
  edit(changed);
  if (changed == state_ && !is_new_) return {};
  auto text = to_json(changed);
  if (!text) return std::move(text).error();
  if (auto written = write(*text); !written) {
    if (!std::exchange(failing_, true) && on_failure_) on_failure_(written.error());
    return written;
  }
  state_ = std::move(changed);
  is_new_ = failing_ = false;
  return {};
}

Result<void> StateStore::write(const std::string& text) const {
  const auto failed = [this] {
    return Error{ErrorKind::ServiceFailed,
                 fmt::format("the change cannot be kept in {}: {}", file(), reason()), ""};
  };
  const std::string fresh = file() + ".new";
  File out(fresh, O_WRONLY | O_CREAT | O_TRUNC);
  if (!out.is_open()) return failed();
  // Whatever mode a file left behind by a crash may have been given since: it holds secrets.
  if (::fchmod(out.fd(), k_owner_only_file) != 0 || !write_all(out.fd(), text) ||
      ::fsync(out.fd()) != 0 || !out.close()) {
    return failed();
  }
  if (::rename(fresh.c_str(), file().c_str()) != 0) return failed();
  // Until the directory is on the disk too, a crash of the machine may bring the old file back.
  const File directory(directory_, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || ::fsync(directory.fd()) != 0) return failed();
  return {};
}

}  // namespace topicloop::broker
