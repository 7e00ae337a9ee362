// SPDX-License-Identifier: Apache-2.0
// From lines of an older version of the format to lines of this one, a step for each version.
//
// So the code that reads lines knows one version only. Version 2 comes with `k_version` in
// record.hpp, a first step in migration.cpp, and a sample file in tests/data. A step never changes
// again, nor does a sample. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <span>

namespace topicloop::capture {

// Makes what a line of one version has into what the next version's would have. The line is a JSON
// object of any content: a step leaves alone what it does not recognise, as it is checked later.
using MigrationStep = void (*)(nlohmann::json& line);

// Those of the format: the first leads from version 1 to version 2.
std::span<const MigrationStep> migration_steps();

// Takes a line of version `from` through all the steps that are left.
void migrate(nlohmann::json& line, std::int64_t from, std::span<const MigrationStep> steps);

}  // namespace topicloop::capture
