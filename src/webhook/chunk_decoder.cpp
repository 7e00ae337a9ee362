// SPDX-License-Identifier: Apache-2.0
#include "webhook/chunk_decoder.hpp"

#include "webhook/http_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace topicloop::webhook {

namespace {

constexpr std::size_t k_max_overhead = 16U << 10U;

Refusal malformed() {
  return {400, "the body is malformed or incomplete"};
}

}  // namespace

std::optional<Refusal> ChunkDecoder::take(std::string_view& bytes, std::string& body) {
  while (next_ != Next::Nothing && !bytes.empty()) {
    if (next_ == Next::Data) {
      const std::size_t size = std::min(left_, bytes.size());
      body.append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      left_ -= size;
      if (left_ == 0) next_ = Next::DataEnd;
      continue;
    }
    const auto line = first_line(bytes);
    if (!line) return bytes.size() > k_max_line ? std::optional(malformed()) : std::nullopt;
    const bool is_torn = line->is_bare || line->text.find('\r') != std::string_view::npos;
    if (is_torn || line->size > k_max_line) return malformed();
    bytes.remove_prefix(line->size);
    if (auto refusal = take_line(line->text)) return refusal;
  }
  return std::nullopt;
}

std::optional<Refusal> ChunkDecoder::take_line(std::string_view line) {
  if (next_ == Next::Size) return take_size(line);
  if (next_ == Next::DataEnd) {
    if (!line.empty()) return malformed();
    next_ = Next::Size;
    return std::nullopt;
  }
  if (line.empty()) next_ = Next::Nothing;
  overhead_ += line.size();
  return overhead_ > k_max_overhead ? std::optional(malformed()) : std::nullopt;
}

std::optional<Refusal> ChunkDecoder::take_size(std::string_view line) {
  std::uint64_t size = 0;
  const char* const end = line.data() + line.size();
  const auto [rest, error] = std::from_chars(line.data(), end, size, 16);
  const bool is_huge = error == std::errc::result_out_of_range;
  if (error != std::errc() && !is_huge) return malformed();
  // Extensions begin with a semicolon; some senders pad the size.
  const std::string_view extension = line.substr(static_cast<std::size_t>(rest - line.data()));
  const std::size_t padding = std::min(extension.find_first_not_of(" \t"), extension.size());
  if (padding != extension.size() && extension[padding] != ';') return malformed();
  overhead_ += extension.size();
  if (overhead_ > k_max_overhead) return malformed();
  if (is_huge || size > max_ - total_) {
    return Refusal{413, fmt::format("the body is larger than {} bytes", max_)};
  }
  total_ += size;
  left_ = size;
  next_ = size == 0 ? Next::Trailer : Next::Data;
  return std::nullopt;
}

}  // namespace topicloop::webhook
