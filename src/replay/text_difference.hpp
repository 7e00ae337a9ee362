// SPDX-License-Identifier: Apache-2.0
// Where two byte strings differ: line by line if both are text, else the first different byte.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace topicloop::replay {

// As Comparison::diff. They must differ.
std::string difference_of(std::string_view expected, std::string_view actual);

}  // namespace topicloop::replay
