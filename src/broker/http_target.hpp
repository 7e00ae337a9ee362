// SPDX-License-Identifier: Apache-2.0
// The target of an HTTP request, "/topics/cache/a%2Fb?token=x", taken apart.
//
// From the target as it was sent: decoded as a whole, a slash within a name could not be told from
// one between names. A plus sign is itself: keys contain them. Pure.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace topicloop::broker {

struct HttpTarget {
  std::vector<std::string> path;  // What is between the slashes, decoded; UTF-8.
  std::vector<std::pair<std::string, std::string>> query;
};

// InvalidArgument for what is not percent-encoded UTF-8. Several slashes at the beginning are one.
Result<HttpTarget> parse_http_target(std::string_view target);

// The value of a query parameter, if it was given; InvalidArgument if it was twice.
Result<std::optional<std::string>> query_value(const HttpTarget& target, std::string_view name);

// The same for a number, 0 if it was not given; InvalidArgument for anything but digits.
Result<std::uint64_t> query_number(const HttpTarget& target, std::string_view name);

}  // namespace topicloop::broker
