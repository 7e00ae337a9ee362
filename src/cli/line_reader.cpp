// SPDX-License-Identifier: Apache-2.0
#include "cli/line_reader.hpp"

#include "cli/stop_descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace topicloop::cli {

namespace {

constexpr const char* k_largest_message = "a message can have about 10 MB";
constexpr std::size_t k_magic_size = 4;

}  // namespace

Error LineReader::cannot_read() const {
  return {ErrorKind::BadInput, fmt::format("cannot read {}: {}", name_, std::strerror(errno)), ""};
}

Result<LineReader::Fill> LineReader::fill(const std::stop_token& stop,
                                          const BeforeWaiting& before_waiting) {
  buffer_.erase(0, begin_);
  begin_ = 0;
  if (decoder_ && (!raw_.empty() || decoder_->is_pending())) return decode();
  if (ended_) return Fill::End;

  pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
  if (fd_ >= 0 && ::poll(&ready, 1, 0) == 0) {
    if (before_waiting && !before_waiting()) return Fill::Stopped;
    const StopDescriptor stopped(stop);
    std::array<pollfd, 2> both{ready, pollfd{.fd = stopped.fd(), .events = POLLIN, .revents = 0}};
    while (::poll(both.data(), both.size(), -1) < 0) {
      if (errno != EINTR) return cannot_read();
    }
  }
  if (stop.stop_requested()) return Fill::Stopped;
  return read_chunk();
}

Result<LineReader::Fill> LineReader::read_chunk() {
  std::array<char, 65'536> chunk;
  ssize_t count = ::read(fd_, chunk.data(), chunk.size());
  while (count < 0 && errno == EINTR)
    count = ::read(fd_, chunk.data(), chunk.size());
  if (count < 0 && errno == EAGAIN) return Fill::More;  // Somebody else was faster.
  if (count < 0) return cannot_read();
  ended_ = count == 0;
  raw_.append(chunk.data(), static_cast<std::size_t>(count));
  if (!knows_compression()) return Fill::More;
  if (decoder_ && !raw_.empty()) return decode();
  buffer_ += std::exchange(raw_, {});
  return ended_ && buffer_.empty() ? Fill::End : Fill::More;
}

// Looks at how the input begins, once there is enough of it. A line that is typed is never waited
// for: it does not begin like compressed data.
bool LineReader::knows_compression() {
  if (!may_be_compressed_) return true;
  const bool may_begin_so = raw_.starts_with('\x1f') || raw_.starts_with('\x28');
  if (may_begin_so && raw_.size() < k_magic_size && !ended_) return false;
  may_be_compressed_ = false;
  decoder_ = capture::make_decoder(capture::compression_of_content(raw_));
  return true;
}

// A piece at a time, as a little input may be a lot of text.
Result<LineReader::Fill> LineReader::decode() {
  std::string_view left = raw_;
  auto decoded = decoder_->decode(left, buffer_);
  raw_.erase(0, raw_.size() - left.size());
  if (decoded) return Fill::More;
  return Error{ErrorKind::BadInput, fmt::format("{}: {}", name_, decoded.error().message), ""};
}

Result<std::optional<std::string>> LineReader::next(std::stop_token stop,
                                                    const BeforeWaiting& before_waiting) {
  std::size_t searched = begin_;
  while (true) {
    if (stop.stop_requested()) return std::optional<std::string>();
    const std::size_t end = buffer_.find('\n', searched);
    const std::size_t length = std::min(end, buffer_.size()) - begin_;
    if (length > max_line_) {
      return Error{
          ErrorKind::BadInput,
          fmt::format("line {} of {} is longer than {} bytes", line_ + 1, name_, max_line_),
          k_largest_message};
    }
    if (end != std::string::npos) {
      ++line_;
      std::string line = buffer_.substr(begin_, length);
      begin_ = end + 1;
      return std::optional(std::move(line));
    }
    searched = buffer_.size() - begin_;  // fill() moves what is left to the front.
    auto filled = fill(stop, before_waiting);
    if (!filled) return std::move(filled).error();
    if (*filled == Fill::Stopped) return std::optional<std::string>();
    if (*filled == Fill::End) {
      const bool is_torn = decoder_ && decoder_->is_torn() && is_whole_;
      if (buffer_.empty() && !is_torn) return std::optional<std::string>();
      ++line_;
      is_whole_ = false;
      return std::optional(std::exchange(buffer_, {}));
    }
  }
}

Result<std::optional<std::string>> LineReader::rest(std::stop_token stop) {
  while (true) {
    auto filled = fill(stop, {});
    if (!filled) return std::move(filled).error();
    if (*filled == Fill::Stopped) return std::optional<std::string>();
    if (buffer_.size() > max_line_) {
      return Error{ErrorKind::BadInput, fmt::format("{} is longer than {} bytes", name_, max_line_),
                   k_largest_message};
    }
    if (*filled == Fill::End) return std::optional(std::exchange(buffer_, {}));
  }
}

Result<std::optional<std::string>> read_file(const std::string& path, std::stop_token stop) {
  // Non-blocking, as opening a pipe would wait for its writer where no stop reaches.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return Error{ErrorKind::BadInput, fmt::format("cannot read {}: {}", path, std::strerror(errno)),
                 ""};
  }
  auto content = LineReader(fd, path).rest(std::move(stop));
  ::close(fd);
  return content;
}

}  // namespace topicloop::cli
