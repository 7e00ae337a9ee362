// SPDX-License-Identifier: Apache-2.0
// What an answer must be like. Pure.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace topicloop::replay {

// "2xx", "404", "200,204,3xx".
class StatusExpectation {
public:
  // Any 2xx.
  StatusExpectation();
  // Usage naming what is no status.
  static Result<StatusExpectation> parse(std::string_view text);

  bool matches(int status) const;
  const std::string& text() const { return text_; }

private:
  struct Range {
    int first = 0;
    int last = 0;
  };
  std::string text_;
  std::vector<Range> ranges_;
};

}  // namespace topicloop::replay
