// SPDX-License-Identifier: Apache-2.0
// What is changed about an event before it is sent: members of its JSON, and its timestamps.
//
// Pure.
#pragma once

#include "base/error.hpp"
#include "replay/pointer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace topicloop::replay {

// Of `--set /json/pointer=VALUE`, in their order.
class Edits {
public:
  // VALUE is JSON, or else a string as it is. Usage naming what cannot be read.
  static Result<Edits> parse(const std::vector<std::string>& settings);

  bool empty() const { return edits_.empty(); }
  // `json` with all of them made. BadInput if it is no JSON or has no such place.
  Result<std::string> apply(std::string json) const;

private:
  struct Edit {
    Pointer pointer;
    std::string value;  // JSON.
  };
  std::vector<Edit> edits_;
};

// A webhook event's body with these timestamps, all else as it was. `body` itself if it is none.
struct Timestamps {
  std::int64_t event_ms = 0;
  std::int64_t publish_ms = 0;
};
std::string dated(const std::string& body, const Timestamps& timestamps);
// How long before `publish_timestamp` the body's `event_timestamp` is, in milliseconds; 0 if that
// cannot be said.
std::int64_t age_when_published(const std::string& body);

}  // namespace topicloop::replay
