// SPDX-License-Identifier: Apache-2.0
// The items of a flag's value that holds several: "name=value,name=value". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace topicloop::cli {

struct SpecItem {
  std::string_view name;
  std::optional<std::string_view> value;  // Nothing if there is no "=".
};

// Views into `text`; never empty.
std::vector<SpecItem> spec_items(std::string_view text);

// A whole number from 0; nothing if `text` is not one.
std::optional<std::uint64_t> whole_number(std::string_view text);

}  // namespace topicloop::cli
