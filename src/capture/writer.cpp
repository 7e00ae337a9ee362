// SPDX-License-Identifier: Apache-2.0
#include "capture/codec.hpp"
#include "capture/file.hpp"
#include "capture/tail.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

namespace topicloop::capture {

namespace {

constexpr mode_t k_mode = 0666;  // Less the umask.

// What is there already must be a capture that this version can read, compressed as its name says.
Result<void> check_existing(int fd, const std::string& path, Compression compression) {
  std::array<char, 4> begin{};
  const ssize_t size = ::pread(fd, begin.data(), begin.size(), 0);
  if (size >= 4 && compression_of_content({begin.data(), begin.size()}) != compression) {
    return Error{ErrorKind::BadInput, "what is in it is not compressed as its name says",
                 "name compressed captures .gz or .zst"};
  }
  auto reader = Reader::open(path, [](const std::string&) {});
  if (!reader) return std::move(reader).error();
  if (auto first = reader->next(); !first) return std::move(first).error();
  return {};
}

}  // namespace

struct Writer::Impl {
  std::string path;
  Redactions redactions;
  Compression compression = Compression::None;

  std::mutex mutex;  // Guards what follows.
  int fd = -1;
  bool is_regular = false;
  bool has_begun = false;  // The header is written, and nothing has failed since.
  std::uint64_t size = 0;
  std::unique_ptr<Encoder> encoder;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    // Without its end the file can be read just as well, so a failure does not matter.
    if (has_begun && encoder) (void)append(encoder->finish());
    if (fd >= 0) ::close(fd);
  }

  Error error(std::string_view reason, std::string help = "") const {
    return {ErrorKind::BadInput, fmt::format("cannot capture to {}: {}", path, reason),
            std::move(help)};
  }
  Error error() const { return error(std::strerror(errno)); }
  Error error(const Error& reason) const { return error(reason.message, reason.help); }

  Result<void> open();
  Result<void> begin();
  Result<void> go_on_in_file(std::string& text);
  Result<void> append(std::string_view bytes);
  Result<void> append_text(std::string_view text);
};

Result<void> Writer::Impl::open() {
  // Not truncated, and only appended to: what was captured stays.
  fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, k_mode);
  if (fd < 0 && errno == EACCES) fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  struct stat status {};
  if (fd < 0 || ::fstat(fd, &status) != 0) return error();
  is_regular = S_ISREG(status.st_mode);
  if (!is_regular) return {};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return error("another process is writing to it");
  if (status.st_size == 0) return {};
  if (auto checked = check_existing(fd, path, compression); !checked) {
    return error(checked.error());
  }
  return {};
}

// Puts the end of the file in order and writes a header: when it is opened, and after a failure.
Result<void> Writer::Impl::begin() {
  std::string text;
  if (is_regular) {
    if (auto ready = go_on_in_file(text); !ready) return ready;
  }
  encoder = make_encoder(compression);
  has_begun = true;
  return append_text(text + header_line_now());
}

Result<void> Writer::Impl::go_on_in_file(std::string& text) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return error();
  const auto found = static_cast<std::uint64_t>(status.st_size);
  auto tail = find_tail(fd, found, compression);
  if (!tail) return error(tail.error());
  if (tail->size != found && ::ftruncate(fd, static_cast<off_t>(tail->size)) != 0) return error();
  size = tail->size;
  text = std::move(tail->first_text);
  return append(tail->ending);
}

// All of it, or nothing.
Result<void> Writer::Impl::append(std::string_view bytes) {
  std::string_view left = bytes;
  while (!left.empty()) {
    const ssize_t count = ::write(fd, left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const Error failure = error();
      has_begun = false;
      // Failing as well, this leaves a torn line, which begin() deals with.
      if (is_regular && ::ftruncate(fd, static_cast<off_t>(size)) != 0) return failure;
      return failure;
    }
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  size += bytes.size();
  return {};
}

Result<void> Writer::Impl::append_text(std::string_view text) {
  return encoder ? append(encoder->encode(text)) : append(text);
}

Result<Writer> Writer::open(const std::string& path, Redactions redactions) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->redactions = std::move(redactions);
  impl->compression = compression_of_name(path);
  if (auto opened = impl->open(); !opened) return std::move(opened).error();
  if (auto begun = impl->begin(); !begun) return std::move(begun).error();
  return Writer(std::move(impl));
}

Result<void> Writer::write(model::CaptureRecord record) {
  impl_->redactions.apply(record);
  const std::string line = to_line(record) + '\n';
  const std::lock_guard lock(impl_->mutex);
  // Nobody could read it back.
  if (line.size() > k_max_line) {
    return impl_->error(fmt::format("a record of {} bytes is too large", line.size()));
  }
  if (!impl_->has_begun) {
    if (auto begun = impl_->begin(); !begun) return begun;
  }
  return impl_->append_text(line);
}

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() = default;

}  // namespace topicloop::capture
