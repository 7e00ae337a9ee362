// SPDX-License-Identifier: Apache-2.0
#include "cli/spec_items.hpp"

#include <charconv>

namespace topicloop::cli {

std::vector<SpecItem> spec_items(std::string_view text) {
  std::vector<SpecItem> items;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    const std::size_t equals = item.find('=');
    items.push_back({item.substr(0, equals), std::nullopt});
    if (equals != std::string_view::npos) items.back().value = item.substr(equals + 1);
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace topicloop::cli
