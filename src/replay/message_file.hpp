// SPDX-License-Identifier: Apache-2.0
// The messages in a file of JSON Lines: a capture, or what `subscribe -o json` writes.
//
// They are all held in memory. Records of other types are skipped.
#pragma once

#include "base/error.hpp"
#include "model/message.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace topicloop::replay {

struct FileMessage {
  std::uint64_t line = 0;
  model::Value value;
};

// A message as `subscribe -o json` writes it, but for when it was received, and as `publish --input
// json` reads it.
nlohmann::ordered_json record_of(const model::Message& message);

// BadInput naming the file, or FILE:LINE, if it cannot be read. On a stop, what was read until
// then.
Result<std::vector<FileMessage>> read_messages(const std::string& path,
                                               const std::stop_token& stop);

// Writes the file, or replaces it as a whole, in the way of `subscribe -o json`. BadInput naming
// it.
Result<void> write_messages(const std::string& path, const std::vector<model::Message>& messages);

}  // namespace topicloop::replay
