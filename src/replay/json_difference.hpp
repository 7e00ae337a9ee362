// SPDX-License-Identifier: Apache-2.0
// Where two JSON documents do not say the same. Pure.
#pragma once

#include "replay/compare.hpp"
#include "replay/json_place.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace topicloop::replay {

// Nothing if one of them is not JSON, or nested so deeply that walking it is not safe.
std::optional<Comparison> compare_json(std::string_view expected, std::string_view actual,
                                       const std::vector<JsonPlace>& ignored);

}  // namespace topicloop::replay
