// SPDX-License-Identifier: Apache-2.0
// The messages of a benchmark: they carry their number, so that each is known when it arrives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace topicloop::cli {

// A number in full.
inline constexpr std::size_t k_smallest_payload = 16;
inline constexpr std::size_t k_largest_payload = 1'000'000;

// Text of exactly `size` bytes, which is at least k_smallest_payload.
std::string payload_of(std::uint64_t index, std::size_t size);

// The index, also after the text has been turned to upper case; nothing if it is not such text.
std::optional<std::uint64_t> index_in(std::string_view payload);

}  // namespace topicloop::cli
