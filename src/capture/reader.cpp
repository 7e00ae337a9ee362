// SPDX-License-Identifier: Apache-2.0
#include "capture/codec.hpp"
#include "capture/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace topicloop::capture {

namespace {

constexpr int k_poll_ms = 100;  // How late a stop may be noticed while nothing comes.
constexpr std::size_t k_read_size = 65'536;
constexpr std::size_t k_magic_size = 4;
constexpr const char* k_header_begin = "{\"v\":";
constexpr const char* k_not_a_capture =
    "not a capture, which begins with a line of type \"capture\"";

}  // namespace

// Bytes come from the descriptor to `raw`, decoded to `buffer`, and leave it line by line.
struct Reader::Impl {
  std::string name;
  int fd = -1;
  bool owns_fd = false;
  OnWarning on_warning;
  std::stop_token stop;

  std::string raw;
  std::string_view raw_left;  // What of `raw` is not decoded yet.
  std::unique_ptr<Decoder> decoder;
  bool knows_compression = false;
  bool ended = false;  // Nothing more comes from the descriptor.

  std::string buffer;
  std::size_t begin = 0;  // Of what in `buffer` was not given out.

  std::uint64_t line_number = 0;  // Of the line taken last.
  std::uint64_t position = 0;     // Of the record given last.
  bool seen_header = false;
  bool is_over = false;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (owns_fd) ::close(fd);
  }

  Error error(std::string_view message, std::string help = "") const {
    return {ErrorKind::BadInput, fmt::format("{}:{}: {}", name, line_number, message),
            std::move(help)};
  }

  Result<bool> read_more();
  Result<bool> fill();
  struct TakenLine {
    std::string text;
    bool is_whole = true;  // It ended with LF.
  };
  Result<std::optional<TakenLine>> take_line();
  Result<std::optional<Line>> next_line();
  Result<std::optional<Line>> after_bad_line(const Error& problem, const TakenLine& bad);
};

// False at the end or on a stop.
Result<bool> Reader::Impl::read_more() {
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
Result<bool> Reader::Impl::fill() {
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
    if (auto decoded = decoder->decode(raw_left, buffer); !decoded) {
      ++line_number;
      return error(decoded.error().message);
    }
  } else {
    buffer += raw_left;
    raw_left = {};
  }
  return true;
}

// Nothing at the end or on a stop.
Result<std::optional<Reader::Impl::TakenLine>> Reader::Impl::take_line() {
  using Taken = std::optional<TakenLine>;
  std::size_t searched = begin;
  while (true) {
    const std::size_t end = buffer.find('\n', searched);
    const std::size_t length = std::min(end, buffer.size()) - begin;
    if (length > k_max_line) {
      ++line_number;
      return error(fmt::format("longer than {} bytes", k_max_line));
    }
    if (end != std::string::npos) {
      ++line_number;
      TakenLine line{buffer.substr(begin, length)};
      begin = end + 1;
      return Taken(std::move(line));
    }
    searched = buffer.size() - begin;  // fill() moves what is left to the front.
    auto filled = fill();
    if (!filled) return std::move(filled).error();
    if (*filled) continue;
    if (stop.stop_requested() || buffer.empty()) return Taken();
    ++line_number;
    return Taken(TakenLine{std::exchange(buffer, {}), false});
  }
}

Result<std::optional<Line>> Reader::Impl::next_line() {
  auto taken = take_line();
  while (taken && *taken && (*taken)->text.empty())
    taken = take_line();
  if (!taken) return std::move(taken).error();
  if (!*taken) return std::optional<Line>();
  auto line = parse_line((*taken)->text);
  if (line) return std::optional(*std::move(line));
  const bool is_of_later_version = !line.error().help.empty();
  if (is_of_later_version) return error(line.error().message, line.error().help);
  return after_bad_line(line.error(), **taken);
}

// A writer that was killed leaves a torn line at the end; the next run begins on a new line, with a
// header. Anywhere else a bad line is an error.
Result<std::optional<Line>> Reader::Impl::after_bad_line(const Error& problem,
                                                         const TakenLine& bad) {
  if (!seen_header && !bad.text.starts_with('{')) return error(k_not_a_capture);
  const Error failure = error(problem.message);
  const std::string torn = fmt::format(
      "{}:{} is torn, and skipped: its writer was stopped in the middle", name, line_number);
  if (!bad.is_whole) {
    on_warning(torn);
    return std::optional<Line>();
  }
  auto following = take_line();
  if (!following || !*following) return failure;
  // The next run may have been stopped as well, in its header.
  auto line = parse_line((*following)->text);
  const bool is_header = line && std::holds_alternative<Header>(*line);
  const bool is_torn_header =
      !line && !(*following)->is_whole && (*following)->text.starts_with(k_header_begin);
  if (!is_header && !is_torn_header) return failure;
  on_warning(torn);
  if (is_header) return std::optional(*std::move(line));
  return after_bad_line(line.error(), **following);
}

Reader Reader::of(int fd, std::string name, OnWarning on_warning, std::stop_token stop) {
  auto impl = std::make_unique<Impl>();
  impl->name = std::move(name);
  impl->fd = fd;
  impl->on_warning = std::move(on_warning);
  impl->stop = std::move(stop);
  return Reader(std::move(impl));
}

Result<Reader> Reader::open(const std::string& path, OnWarning on_warning, std::stop_token stop) {
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
  Reader reader = of(fd, path, std::move(on_warning), std::move(stop));
  reader.impl_->owns_fd = true;
  return reader;
}

Result<std::optional<model::CaptureRecord>> Reader::next() {
  using Next = std::optional<model::CaptureRecord>;
  while (!impl_->is_over) {
    auto line = impl_->next_line();
    if (!line || !*line) impl_->is_over = true;
    if (!line) return std::move(line).error();
    if (!*line) break;
    if (std::holds_alternative<Header>(**line)) {
      impl_->seen_header = true;
    } else if (!impl_->seen_header) {
      impl_->is_over = true;
      return impl_->error(k_not_a_capture);
    }
    if (auto* record = std::get_if<model::CaptureRecord>(&**line)) {
      impl_->position = impl_->line_number;
      return Next(std::move(*record));
    }
  }
  return Next();
}

std::string Reader::position() const {
  return fmt::format("{}:{}", impl_->name, impl_->position);
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

}  // namespace topicloop::capture
