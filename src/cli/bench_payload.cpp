// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_payload.hpp"

#include <fmt/format.h>

#include <charconv>

namespace topicloop::cli {

std::string payload_of(std::uint64_t index, std::size_t size) {
  std::string payload = fmt::format("{:0{}}", index, k_smallest_payload);
  payload.resize(size, 'x');
  return payload;
}

std::optional<std::uint64_t> index_in(std::string_view payload) {
  const std::string_view number = payload.substr(0, k_smallest_payload);
  std::uint64_t index = 0;
  const char* const end = number.data() + number.size();
  const auto parsed = std::from_chars(number.data(), end, index);
  if (number.size() < k_smallest_payload || parsed.ec != std::errc() || parsed.ptr != end) {
    return std::nullopt;
  }
  return index;
}

}  // namespace topicloop::cli
