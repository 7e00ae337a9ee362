// SPDX-License-Identifier: Apache-2.0
#include "cli/output_flags.hpp"

#include <CLI/CLI.hpp>

#include <map>

namespace topicloop::cli {

void add_output_flags(CLI::App& command, OutputFlags& flags) {
  static const std::map<std::string, OutputFormat> k_formats = {
      {"text", OutputFormat::Text}, {"json", OutputFormat::Json}, {"raw", OutputFormat::Raw}};
  command
      .add_option_function<std::string>(
          "-o,--output", [&](const std::string& name) { flags.format = k_formats.at(name); },
          "text, json (one object a line) or raw (payload bytes only)")
      ->check(CLI::IsMember(k_formats).description(""))
      ->option_text("FORMAT");
  command.add_option("--color", flags.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}).description(""))
      ->option_text("WHEN");
}

void add_ready_file_flag(CLI::App& command, OutputFlags& flags) {
  command
      .add_option("--ready-file", flags.ready_file,
                  "Write this file once ready, remove it at the end")
      ->option_text("FILE");
}

}  // namespace topicloop::cli
