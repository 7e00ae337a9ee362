// SPDX-License-Identifier: Apache-2.0
#include "replay/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace topicloop::replay {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The first digit of a status says what it is about; there are none but these.
bool is_class(char c) {
  return c >= '1' && c <= '5';
}

}  // namespace

StatusExpectation::StatusExpectation() : text_("2xx"), ranges_{{200, 299}} {}

Result<StatusExpectation> StatusExpectation::parse(std::string_view text) {
  const Error bad{ErrorKind::Usage,
                  fmt::format("\"{}\" is not a status like 200, a class like 2xx, or several like "
                              "200,4xx",
                              text),
                  ""};
  StatusExpectation expectation;
  expectation.text_ = text;
  expectation.ranges_.clear();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view one = text.substr(begin, end - begin);
    if (one.size() != 3 || !is_class(one[0])) return bad;
    const int first = (one[0] - '0') * 100;
    if (one.substr(1) == "xx") {
      expectation.ranges_.push_back({first, first + 99});
    } else if (is_digit(one[1]) && is_digit(one[2])) {
      const int status = first + (one[1] - '0') * 10 + (one[2] - '0');
      expectation.ranges_.push_back({status, status});
    } else {
      return bad;
    }
    begin = end + 1;
  }
  return expectation;
}

bool StatusExpectation::matches(int status) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    return range.first <= status && status <= range.last;
  });
}

}  // namespace topicloop::replay
