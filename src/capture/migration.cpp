// SPDX-License-Identifier: Apache-2.0
#include "capture/migration.hpp"

#include "capture/record.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace topicloop::capture {

namespace {

// The step from version N is at N - 1. A member that only older versions have must stay among those
// that parse_line.cpp does not skip.
constexpr std::array<MigrationStep, k_version - 1> k_steps{};
static_assert(std::none_of(k_steps.begin(), k_steps.end(), [](auto step) { return !step; }),
              "a version without a step from the one before");

}  // namespace

std::span<const MigrationStep> migration_steps() {
  return k_steps;
}

void migrate(nlohmann::json& line, std::int64_t from, std::span<const MigrationStep> steps) {
  for (const MigrationStep step : steps.subspan(static_cast<std::size_t>(from - 1)))
    step(line);
}

}  // namespace topicloop::capture
