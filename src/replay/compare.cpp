// SPDX-License-Identifier: Apache-2.0
#include "replay/compare.hpp"

#include "replay/json_difference.hpp"
#include "replay/json_place.hpp"
#include "replay/text_difference.hpp"

namespace topicloop::replay {

Comparison compare_bodies(std::string_view expected, std::string_view actual,
                          const std::vector<std::string>& ignored) {
  if (expected == actual) return {};
  std::vector<JsonPlace> places;
  for (const auto& text : ignored) {
    if (auto place = JsonPlace::parse(text)) places.push_back(*std::move(place));
  }
  if (auto comparison = compare_json(expected, actual, places)) return *std::move(comparison);
  return {false, difference_of(expected, actual)};
}

std::string check_place(const std::string& text) {
  const auto place = JsonPlace::parse(text);
  return place ? "" : place.error().message;
}

}  // namespace topicloop::replay
