// SPDX-License-Identifier: Apache-2.0
// The flags about what is shown and how, shared by all commands.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace topicloop::cli {

enum class OutputFormat { Text, Json, Raw };

struct OutputFlags {
  OutputFormat format = OutputFormat::Text;
  std::string color = "auto";
  std::string ready_file;
};

// -o/--output and --color; `flags` must outlive the parsing.
void add_output_flags(CLI::App& command, OutputFlags& flags);
// --ready-file, for commands that stay.
void add_ready_file_flag(CLI::App& command, OutputFlags& flags);

}  // namespace topicloop::cli
