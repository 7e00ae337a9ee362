// SPDX-License-Identifier: Apache-2.0
// One line of a capture file: records to JSON and back, byte for byte.
//
// Version 1, documented in docs/capture.md. What was written once stays readable: migration.hpp
// says how another version is made. Pure; hides the JSON library.
#pragma once

#include "base/error.hpp"
#include "model/capture.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace topicloop::capture {

inline constexpr std::int64_t k_version = 1;
// A longer line is no record: nobody has to hold more than this in memory.
inline constexpr std::size_t k_max_line = 64U << 20U;

// The line with which a file, and each run that appends to it, begins.
struct Header {
  std::int64_t version = k_version;
  std::string tool;
  SystemTime at;
  std::int64_t mono_ns = 0;

  bool operator==(const Header&) const = default;
};

// A record of a type that this version does not know, and may skip.
struct Unknown {
  std::string type;

  bool operator==(const Unknown&) const = default;
};

using Line = std::variant<Header, model::CaptureRecord, Unknown>;

// A line without its LF.
std::string to_line(const Header& header);
std::string to_line(const model::CaptureRecord& record);

// The header of what is written from now on, with its LF.
std::string header_line_now();

// Reads such a line, of the `version` that the header before it names; unknown members are skipped.
// The error, BadInput, says what is wrong with the line and leaves it to the caller to say which
// one it is. It has a help if the line is a header of a later version: then nothing more can be
// read.
Result<Line> parse_line(std::string_view line, std::int64_t version = k_version);

// A record of what comes just now.
model::CaptureRecord record_now(
    std::variant<model::HttpExchange, model::Message, model::Gap> content);

// The same clock as a record's `mono_ns`.
std::int64_t to_mono_ns(std::chrono::steady_clock::time_point time);

}  // namespace topicloop::capture
