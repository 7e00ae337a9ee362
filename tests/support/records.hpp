// SPDX-License-Identifier: Apache-2.0
// The JSON Lines a command wrote, taken apart and checked for what holds for all of them.
#pragma once

#include <nlohmann/json.hpp>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace topicloop::test {

// Every line is one object with a type; the first one alone says which version of the format it
// is. Anything else is a failed test.
inline std::vector<nlohmann::json> records(const std::string& out) {
  std::vector<nlohmann::json> all;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    auto record = nlohmann::json::parse(line, nullptr, false);
    const bool sound = record.is_object() && record.value("type", "") != "" &&
                       record.value("v", 0) == (all.empty() ? 1 : 0);
    if (!sound) throw std::runtime_error("no record: " + line);
    all.push_back(std::move(record));
  }
  if (!out.empty() && out.back() != '\n') throw std::runtime_error("no line end: " + out);
  return all;
}

// Those of one type.
inline std::vector<nlohmann::json> records_of(const std::vector<nlohmann::json>& all,
                                              const std::string& type) {
  std::vector<nlohmann::json> some;
  for (const auto& record : all) {
    if (record["type"] == type) some.push_back(record);
  }
  return some;
}

}  // namespace topicloop::test
