// SPDX-License-Identifier: Apache-2.0
// Reading files that people name and that are small: keys and certificates.
//
// Not for files that may be large. Thread-safe.
#pragma once

#include "base/error.hpp"

#include <string>

namespace topicloop {

// All that is in the file, which may be a pipe. BadInput, naming it, if it cannot be read, is
// empty, or has more than 1 MiB: devices may have no end.
Result<std::string> read_small_file(const std::string& path);

}  // namespace topicloop
