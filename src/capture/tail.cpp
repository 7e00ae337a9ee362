// SPDX-License-Identifier: Apache-2.0
#include "capture/tail.hpp"

#include "capture/record.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <optional>

namespace topicloop::capture {

namespace {

constexpr std::size_t k_chunk = 65'536;

Error unreadable() {
  return {ErrorKind::BadInput, std::strerror(errno), ""};
}

Error cannot_go_on() {
  return {ErrorKind::BadInput, "its end is damaged, so nothing can be appended",
          "write to another file; `topicloop capture merge` saves what can be read of this one"};
}

// As many bytes as there are at `offset`, at most `size`.
Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t count =
        ::pread(fd, bytes.data() + have, size - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable();
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return bytes;
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = bytes.size(); i > 0; --i)
    number = number << 8U | static_cast<unsigned char>(bytes[i - 1]);
  return number;
}

void append_little_endian(std::string& out, std::uint32_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(number >> shift & 0xFFU);
}

Result<Tail> tail_of_text(int fd, std::uint64_t size) {
  auto last = read_at(fd, size - 1, 1);
  if (!last) return std::move(last).error();
  return Tail{size, "", *last == "\n" ? "" : "\n"};
}

// Decodes members to their end, and remembers the last place where one could be ended instead: at a
// whole byte between two of its blocks.
class GzipScan {
public:
  GzipScan() {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  GzipScan(const GzipScan&) = delete;
  GzipScan& operator=(const GzipScan&) = delete;
  ~GzipScan() { inflateEnd(&stream_); }

  // False if the data is damaged from here on.
  bool feed(std::string_view bytes) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      const uInt before = stream_.avail_in;
      if (is_ended_ && before > 0) begin_member();
      std::array<char, k_chunk> out;
      stream_.next_out = reinterpret_cast<Bytef*>(out.data());
      stream_.avail_out = static_cast<uInt>(out.size());
      const int code = inflate(&stream_, Z_BLOCK);
      offset_ += before - stream_.avail_in;
      take({out.data(), out.size() - stream_.avail_out});
      if (code == Z_STREAM_END) {
        is_ended_ = true;
        remember();
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return false;
      } else if (is_between_blocks()) {
        remember();
      }
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    return text_.size() <= k_max_line;
  }

  Tail tail() const {
    if (is_ended_ && offset_ == boundary_) return {boundary_, "", ""};
    Tail tail{boundary_, std::string("\x03\x00", 2), text_};  // An empty last block.
    append_little_endian(tail.ending, static_cast<std::uint32_t>(boundary_crc_));
    append_little_endian(tail.ending, boundary_size_);
    if (!ends_line(tail.first_text)) tail.first_text += '\n';
    return tail;
  }

  bool has_boundary() const { return boundary_ > 0; }

private:
  void begin_member() {
    inflateReset(&stream_);
    is_ended_ = false;
    crc_ = 0;
    size_ = 0;
  }

  void take(std::string_view out) {
    crc_ = crc32(crc_, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size()));
    size_ += static_cast<std::uint32_t>(out.size());
    text_ += out;
    if (!out.empty()) last_ = out.back();
  }

  // Of data_type, bit 7: at the end of a block; bit 6: of the last one; the lowest three: how many
  // bits of the last byte are not used yet.
  bool is_between_blocks() const { return (stream_.data_type & (128 | 64 | 7)) == 128; }

  void remember() {
    boundary_ = offset_;
    boundary_crc_ = crc_;
    boundary_size_ = size_;
    text_.clear();
  }

  bool ends_line(std::string_view text) const {
    return text.empty() ? last_ == '\n' : text.back() == '\n';
  }

  z_stream stream_{};
  std::uint64_t offset_ = 0;
  uLong crc_ = 0;
  std::uint32_t size_ = 0;  // Of the member's text, modulo 2^32.
  std::string text_;        // Since the boundary.
  char last_ = '\n';
  bool is_ended_ = false;
  std::uint64_t boundary_ = 0;
  uLong boundary_crc_ = 0;
  std::uint32_t boundary_size_ = 0;
};

Result<Tail> tail_of_gzip(int fd, std::uint64_t size) {
  GzipScan scan;
  for (std::uint64_t offset = 0; offset < size; offset += k_chunk) {
    auto bytes = read_at(fd, offset, k_chunk);
    if (!bytes) return std::move(bytes).error();
    // A tear looks like an end, never like damage.
    if (!scan.feed(*bytes)) return cannot_go_on();
  }
  Tail tail = scan.tail();
  if (!scan.has_boundary()) return Tail{};  // Not even the first header is whole.
  return tail;
}

// Walks over zstd's frames and blocks (RFC 8878) without decoding them.
class ZstdScan {
public:
  ZstdScan(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

  Result<Tail> run() {
    while (offset_ < size_) {
      auto step = frame();
      if (!step) return std::move(step).error();
      if (!*step) return torn();
    }
    return Tail{size_, "", ""};
  }

private:
  static constexpr std::uint32_t k_magic = 0xFD2FB528;
  static constexpr std::uint32_t k_skippable = 0x184D2A50;  // The lowest four bits are free.
  static constexpr std::size_t k_longest_header = 18;

  // False if the frame is torn.
  Result<bool> frame() {
    frame_ = boundary_ = offset_;
    can_end_ = false;
    auto header = read_at(fd_, offset_, k_longest_header);
    if (!header) return std::move(header).error();
    if (header->size() < 5) return false;
    const std::uint32_t magic = little_endian(header->substr(0, 4));
    if ((magic & 0xFFFFFFF0U) == k_skippable) {
      if (header->size() < 8) return false;
      return advance(std::uint64_t{8} + little_endian(header->substr(4, 4)));
    }
    if (magic != k_magic) return cannot_go_on();
    const auto descriptor = static_cast<unsigned char>((*header)[4]);
    const bool is_single = (descriptor & 0x20U) != 0;
    const bool has_checksum = (descriptor & 0x04U) != 0;
    constexpr std::array<std::size_t, 4> k_dictionary_size{0, 1, 2, 4};
    constexpr std::array<std::size_t, 4> k_content_size{0, 2, 4, 8};
    std::size_t content = k_content_size[descriptor >> 6U];
    if (content == 0 && is_single) content = 1;
    // Of a frame that promises a size or a checksum, neither is known here.
    can_end_ = content == 0 && !has_checksum;
    if (!advance(5 + (is_single ? 0 : 1) + k_dictionary_size[descriptor & 3U] + content)) {
      return false;
    }
    auto ended = blocks();
    if (!ended || !*ended) return ended;
    return !has_checksum || advance(4);
  }

  Result<bool> blocks() {
    while (true) {
      boundary_ = offset_;
      auto header = read_at(fd_, offset_, 3);
      if (!header) return std::move(header).error();
      if (header->size() < 3) return false;
      const std::uint32_t fields = little_endian(*header);
      const bool is_run = (fields >> 1U & 3U) == 1;  // One byte, to be repeated.
      if (!advance(3 + (is_run ? 1 : fields >> 3U))) return false;
      if ((fields & 1U) != 0) return true;
    }
  }

  bool advance(std::uint64_t size) {
    if (size > size_ - offset_) return false;
    offset_ += size;
    return true;
  }

  Result<Tail> torn() const {
    if (boundary_ == frame_) return Tail{frame_, "", frame_ == 0 ? "" : "\n"};
    if (!can_end_) return cannot_go_on();
    // An empty last block. Whether its text ends with a line only decoding would tell. The reader
    // passes over an empty line, and sees by one that is torn that there was more.
    return Tail{boundary_, std::string("\x01\x00\x00", 3), boundary_ < size_ ? "{\n" : "\n"};
  }

  int fd_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
  std::uint64_t frame_ = 0;     // Where the frame begins,
  std::uint64_t boundary_ = 0;  // and where its last whole block ends.
  bool can_end_ = false;
};

}  // namespace

Result<Tail> find_tail(int fd, std::uint64_t size, Compression compression) {
  if (size == 0) return Tail{};
  switch (compression) {
    case Compression::Gzip:
      return tail_of_gzip(fd, size);
    case Compression::Zstd:
      return ZstdScan(fd, size).run();
    case Compression::None:
      break;
  }
  return tail_of_text(fd, size);
}

}  // namespace topicloop::capture
