// SPDX-License-Identifier: Apache-2.0
// Compressed capture files: gzip and zstd, written so that a killed writer loses nothing.
//
// Hides zlib and libzstd. A file is one stream (gzip: member, zstd: frame) per run, each flushed
// after every record, so what comes before a tear can be read. Not thread-safe.
#pragma once

#include "base/error.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace topicloop::capture {

enum class Compression { None, Gzip, Zstd };

// By the name's end: .gz or .zst.
Compression compression_of_name(std::string_view path);
// By the first bytes; fewer than four may not be enough to tell.
Compression compression_of_content(std::string_view begin);

class Encoder {
public:
  virtual ~Encoder() = default;

  // What is returned, with what was returned before, is enough to decode `bytes`.
  virtual std::string encode(std::string_view bytes) = 0;
  // Ends the stream.
  virtual std::string finish() = 0;
};

class Decoder {
public:
  virtual ~Decoder() = default;

  // Appends to `out` what can be decoded, at most a few hundred kilobytes, and removes from `in`
  // what was used up. Streams may follow one another. BadInput if the data is damaged.
  virtual Result<void> decode(std::string_view& in, std::string& out) = 0;
  // There may be more to come without more input.
  virtual bool is_pending() const = 0;
  // What came so far certainly ends in the middle of a record, though nothing of it has come out.
  virtual bool is_torn() const = 0;
};

// Nothing for Compression::None.
std::unique_ptr<Encoder> make_encoder(Compression compression);
std::unique_ptr<Decoder> make_decoder(Compression compression);

}  // namespace topicloop::capture
