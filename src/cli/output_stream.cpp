// SPDX-License-Identifier: Apache-2.0
#include "cli/output_stream.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace topicloop::cli {

namespace {

using Clock = std::chrono::steady_clock;

// Enough for a reader that is merely busy.
constexpr std::chrono::milliseconds k_patience{500};

constexpr std::size_t k_most_pending = 1U << 16U;

bool is_regular_file(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

OutputStream::Buffer::Buffer(int fd, const std::stop_token& stop)
    : fd_(fd), may_block_(!is_regular_file(fd)), stop_(stop), left_(k_patience) {}

std::streamsize OutputStream::Buffer::xsputn(const char* bytes, std::streamsize size) {
  pending_.append(bytes, static_cast<std::size_t>(size));
  if (pending_.size() > k_most_pending && Buffer::sync() != 0) return 0;
  return size;
}

OutputStream::Buffer::int_type OutputStream::Buffer::overflow(int_type byte) {
  if (traits_type::eq_int_type(byte, traits_type::eof())) return traits_type::not_eof(byte);
  const char value = traits_type::to_char_type(byte);
  return Buffer::xsputn(&value, 1) == 1 ? byte : traits_type::eof();
}

int OutputStream::Buffer::sync() {
  const bool written = write_out(pending_);
  pending_.clear();  // What could not be written now never will be.
  return written ? 0 : -1;
}

bool OutputStream::Buffer::write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    if (may_block_ && !wait_until_writable()) return false;
    // A descriptor that is ready has room for so much; for more, the write could block again.
    const std::size_t size =
        may_block_ ? std::min<std::size_t>(bytes.size(), PIPE_BUF) : bytes.size();
    const ssize_t count = ::write(fd_, bytes.data(), size);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR && errno != EAGAIN) {
      return false;
    }
  }
  return true;
}

bool OutputStream::Buffer::wait_until_writable() {
  std::array<pollfd, 2> both{pollfd{.fd = fd_, .events = POLLOUT, .revents = 0},
                             pollfd{.fd = stop_.fd(), .events = POLLIN, .revents = 0}};
  int timeout = -1;
  std::size_t watched = both.size();
  while (true) {
    const auto begin = Clock::now();
    const int ready = ::poll(both.data(), watched, timeout);
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0 && both[0].revents != 0) return true;  // Errors are for the write to tell.
    if (watched == 1) {
      const auto waited = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - begin);
      left_ = std::max(left_ - waited, std::chrono::milliseconds::zero());
      if (left_ == std::chrono::milliseconds::zero()) {
        errno = ECANCELED;
        return false;
      }
    }
    if (both[1].revents != 0) watched = 1;
    if (watched == 1) timeout = static_cast<int>(left_.count());
  }
}

}  // namespace topicloop::cli
