// SPDX-License-Identifier: Apache-2.0
#include "capture/codec.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace topicloop::capture {

namespace {

constexpr std::size_t k_chunk = 256U << 10U;
constexpr int k_gzip_window = 15 + 16;  // The largest window; 16 stands for gzip's framing.
constexpr int k_gzip_memory = 8;        // zlib's default.
constexpr std::string_view k_gzip_magic = "\x1f\x8b";
constexpr std::string_view k_zstd_magic = "\x28\xb5\x2f\xfd";

Error damaged() {
  return {ErrorKind::BadInput, "the compressed data is damaged", ""};
}

// zlib takes bytes as not const, and never writes to them.
Bytef* input_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

class GzipEncoder : public Encoder {
public:
  GzipEncoder() {
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, k_gzip_window, k_gzip_memory,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;
  ~GzipEncoder() override { deflateEnd(&stream_); }

  std::string encode(std::string_view bytes) override { return run(bytes, Z_SYNC_FLUSH); }
  std::string finish() override { return run({}, Z_FINISH); }

private:
  std::string run(std::string_view bytes, int flush) {
    std::string out;
    std::array<char, 16'384> chunk;
    stream_.next_in = input_of(bytes);
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream_.avail_out = static_cast<uInt>(chunk.size());
      deflate(&stream_, flush);
      out.append(chunk.data(), chunk.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
    return out;
  }

  z_stream stream_{};
};

class GzipDecoder : public Decoder {
public:
  GzipDecoder() {
    if (inflateInit2(&stream_, k_gzip_window) != Z_OK) throw std::bad_alloc();
  }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;
  ~GzipDecoder() override { inflateEnd(&stream_); }

  Result<void> decode(std::string_view& in, std::string& out) override {
    if (is_ended_ && !in.empty()) {
      inflateReset(&stream_);
      is_ended_ = false;
    }
    const std::size_t begin = out.size();
    out.resize(begin + k_chunk);
    const auto size = std::min<std::size_t>(in.size(), std::numeric_limits<uInt>::max());
    stream_.next_in = input_of(in);
    stream_.avail_in = static_cast<uInt>(size);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
    stream_.avail_out = k_chunk;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    in.remove_prefix(size - stream_.avail_in);
    out.resize(out.size() - stream_.avail_out);
    is_pending_ = stream_.avail_out == 0;
    is_ended_ = code == Z_STREAM_END;
    // Z_BUF_ERROR: nothing could be done for want of input.
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return damaged();
    return {};
  }

  bool is_pending() const override { return is_pending_; }
  // What comes before a tear has come out already, but for a few bytes; and where nothing has, it
  // may be the end of a flush that is missing, and with it nothing of a record.
  bool is_torn() const override { return false; }

private:
  z_stream stream_{};
  bool is_pending_ = false;
  bool is_ended_ = false;
};

struct FreeZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdEncoder : public Encoder {
public:
  ZstdEncoder() : context_(ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
  }

  std::string encode(std::string_view bytes) override { return run(bytes, ZSTD_e_flush); }
  std::string finish() override { return run({}, ZSTD_e_end); }

private:
  std::string run(std::string_view bytes, ZSTD_EndDirective directive) {
    std::string out;
    std::array<char, 16'384> chunk;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    std::size_t left = 0;
    do {
      ZSTD_outBuffer to{chunk.data(), chunk.size(), 0};
      left = ZSTD_compressStream2(context_.get(), &to, &in, directive);
      out.append(chunk.data(), to.pos);
    } while (ZSTD_isError(left) == 0 && left != 0);
    return out;
  }

  std::unique_ptr<ZSTD_CCtx, FreeZstd> context_;
};

class ZstdDecoder : public Decoder {
public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
  }

  Result<void> decode(std::string_view& in, std::string& out) override {
    const std::size_t begin = out.size();
    out.resize(begin + k_chunk);
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data() + begin, k_chunk, 0};
    const std::size_t code = ZSTD_decompressStream(context_.get(), &to, &from);
    in.remove_prefix(from.pos);
    out.resize(begin + to.pos);
    is_pending_ = to.pos == to.size;
    // Without anything to go on with it speaks of the next frame.
    if (from.pos > 0 || to.pos > 0) wanted_ = code;
    if (ZSTD_isError(code) != 0) return damaged();
    return {};
  }

  bool is_pending() const override { return is_pending_; }
  bool is_torn() const override {
    // Before a block it wants that; in a block, what is left of it and the next one's. Less than a
    // header may be of the frame's end, and of no record.
    constexpr std::size_t k_block_header = 3;
    return wanted_ > k_block_header;
  }

private:
  std::unique_ptr<ZSTD_DCtx, FreeZstd> context_;
  bool is_pending_ = false;
  std::size_t wanted_ = 0;  // Bytes of input; 0: a frame has ended.
};

}  // namespace

Compression compression_of_name(std::string_view path) {
  if (path.ends_with(".gz")) return Compression::Gzip;
  if (path.ends_with(".zst")) return Compression::Zstd;
  return Compression::None;
}

Compression compression_of_content(std::string_view begin) {
  if (begin.starts_with(k_gzip_magic)) return Compression::Gzip;
  if (begin.starts_with(k_zstd_magic)) return Compression::Zstd;
  return Compression::None;
}

std::unique_ptr<Encoder> make_encoder(Compression compression) {
  if (compression == Compression::Gzip) return std::make_unique<GzipEncoder>();
  if (compression == Compression::Zstd) return std::make_unique<ZstdEncoder>();
  return nullptr;
}

std::unique_ptr<Decoder> make_decoder(Compression compression) {
  if (compression == Compression::Gzip) return std::make_unique<GzipDecoder>();
  if (compression == Compression::Zstd) return std::make_unique<ZstdDecoder>();
  return nullptr;
}

}  // namespace topicloop::capture
