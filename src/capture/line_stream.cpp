// SPDX-License-Identifier: Apache-2.0
#include "capture/line_stream.hpp"

#include "capture/record.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace topicloop::capture {

namespace {

constexpr int k_poll_ms = 100;  // How late a stop may be noticed while nothing comes.
constexpr std::size_t k_read_size = 65'536;
constexpr std::size_t k_magic_size = 4;

}  // namespace

// Bytes come from the descriptor to `raw`, decoded to `buffer`, and leave it line by line.
struct LineStream::Impl {
  std::string name;
  std::stop_token stop;
  int fd = -1;
  bool owns_fd = false;

  std::string raw;
  std::string_view raw_left;  // What of `raw` is not decoded yet.
  std::unique_ptr<Decoder> decoder;
  bool knows_compression = false;
  bool ended = false;  // Nothing more comes from the descriptor.
  bool has_told_tear = false;
  std::optional<Error> damage;

  std::string buffer;
  std::size_t begin = 0;          // Of what in `buffer` was not given out.
  std::uint64_t line_number = 0;  // Of the line given out last.

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (owns_fd) ::close(fd);
  }

  Error error_in_next_line(std::string_view message) const {
    return {ErrorKind::BadInput, fmt::format("{}:{}: {}", name, line_number + 1, message), ""};
  }

  Result<bool> read_more();
  Result<bool> fill();
  Result<std::optional<Text>> next();
};

// False at the end or on a stop.
Result<bool> LineStream::Impl::read_more() {
  // Which poll() would take for one that nothing comes from.
  if (fd < 0) {
    return Error{ErrorKind::BadInput, fmt::format("cannot read {}: {}", name, std::strerror(EBADF)),
                 ""};
  }
  pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
  while (::poll(&ready, 1, k_poll_ms) == 0) {
    if (stop.stop_requested()) return false;
  }
  const std::size_t kept = raw.size();  // Not empty only before the compression is known.
  raw.resize(kept + k_read_size);
  ssize_t count = 0;
  do {
    count = ::read(fd, raw.data() + kept, k_read_size);
  } while (count < 0 && errno == EINTR);
  const int reason = errno;
  raw.resize(kept + static_cast<std::size_t>(count < 0 ? 0 : count));
  if (count < 0 && reason == EAGAIN) return true;  // Somebody else was faster.
  if (count < 0) {
    return Error{ErrorKind::BadInput,
                 fmt::format("cannot read {}: {}", name, std::strerror(reason)), ""};
  }
  ended = count == 0;
  return true;
}

// Adds to `buffer`. False at the end or on a stop.
Result<bool> LineStream::Impl::fill() {
  if (damage) return error_in_next_line(damage->message);
  if (stop.stop_requested()) return false;
  buffer.erase(0, begin);
  begin = 0;
  if (raw_left.empty() && !(decoder && decoder->is_pending())) {
    if (ended) return false;
    if (knows_compression) raw.clear();
    auto more = read_more();
    if (!more || !*more) return more;
    if (!knows_compression && !ended && raw.size() < k_magic_size) return true;
    if (!std::exchange(knows_compression, true)) {
      decoder = make_decoder(compression_of_content(raw));
    }
    raw_left = raw;
  }
  if (decoder) {
    // What came out before the damage is given out first.
    if (auto decoded = decoder->decode(raw_left, buffer); !decoded) {
      damage = std::move(decoded).error();
    }
  } else {
    buffer += raw_left;
    raw_left = {};
  }
  return true;
}

Result<std::optional<LineStream::Text>> LineStream::Impl::next() {
  using Next = std::optional<Text>;
  std::size_t searched = begin;
  while (true) {
    const std::size_t end = buffer.find('\n', searched);
    const std::size_t length = std::min(end, buffer.size()) - begin;
    if (length > k_max_line) {
      return error_in_next_line(fmt::format("longer than {} bytes", k_max_line));
    }
    if (end != std::string::npos) {
      ++line_number;
      Text line{buffer.substr(begin, length)};
      begin = end + 1;
      return Next(std::move(line));
    }
    searched = buffer.size() - begin;  // fill() moves what is left to the front.
    auto filled = fill();
    if (!filled) return std::move(filled).error();
    if (*filled) continue;
    // Of a compressed line that was torn there may be nothing left, but it was there.
    const bool is_torn = !buffer.empty() || (decoder && decoder->is_torn());
    if (stop.stop_requested() || !is_torn || has_told_tear) return Next();
    has_told_tear = true;
    ++line_number;
    return Next(Text{std::exchange(buffer, {}), false});
  }
}

LineStream LineStream::of(int fd, std::string name, std::stop_token stop) {
  auto impl = std::make_unique<Impl>();
  impl->name = std::move(name);
  impl->stop = std::move(stop);
  impl->fd = fd;
  return LineStream(std::move(impl));
}

Result<LineStream> LineStream::open(const std::string& path, std::stop_token stop) {
  // Non-blocking, as opening a pipe would wait for its writer where no stop reaches.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status {};
  const bool is_directory = fd >= 0 && ::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
  if (fd < 0 || is_directory) {
    const int reason = fd < 0 ? errno : EISDIR;
    if (fd >= 0) ::close(fd);
    return Error{ErrorKind::BadInput,
                 fmt::format("cannot read {}: {}", path, std::strerror(reason)), ""};
  }
  LineStream stream = of(fd, path, std::move(stop));
  stream.impl_->owns_fd = true;
  return stream;
}

Result<std::optional<LineStream::Text>> LineStream::next() {
  return impl_->next();
}

const std::string& LineStream::name() const {
  return impl_->name;
}

std::uint64_t LineStream::line_number() const {
  return impl_->line_number;
}

LineStream::LineStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineStream::LineStream(LineStream&&) noexcept = default;
LineStream& LineStream::operator=(LineStream&&) noexcept = default;
LineStream::~LineStream() = default;

}  // namespace topicloop::capture
