// SPDX-License-Identifier: Apache-2.0
// --capture and --redact: what a command receives is kept in a file, but for what must not be.
#pragma once

#include "capture/file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct CaptureFlags {
  std::string file;  // Empty: none.
  std::vector<std::string> redact;
};

// `what` is the help of --capture. `flags` must outlive the parsing.
void add_capture_flags(CLI::App& command, CaptureFlags& flags, const std::string& what);

// Nothing if there is to be none. Throws CommandError: BadInput naming the file.
std::optional<capture::Writer> open_capture(const CaptureFlags& flags);

}  // namespace topicloop::cli
