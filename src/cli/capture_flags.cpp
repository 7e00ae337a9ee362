// SPDX-License-Identifier: Apache-2.0
#include "cli/capture_flags.hpp"

#include "capture/redaction.hpp"
#include "cli/context.hpp"

#include <CLI/CLI.hpp>

namespace topicloop::cli {

namespace {

std::string check_redaction(const std::string& text) {
  const auto parsed = capture::Redactions::parse({text});
  return parsed ? "" : parsed.error().message;
}

}  // namespace

void add_capture_flags(CLI::App& command, CaptureFlags& flags, const std::string& what) {
  CLI::Option* file =
      command.add_option("--capture", flags.file, what + "; .gz or .zst compresses")
          ->check(
              [](const std::string& name) { return name.empty() ? "a file must have a name" : ""; })
          ->option_text("FILE");
  command
      .add_option("--redact", flags.redact,
                  "Leave this header's or JSON member's value out of the capture; repeatable")
      ->check(check_redaction)
      ->needs(file)
      ->option_text("HEADER|/POINTER");
}

std::optional<capture::Writer> open_capture(const CaptureFlags& flags) {
  if (flags.file.empty()) return std::nullopt;
  return value_or_throw(
      capture::Writer::open(flags.file, value_or_throw(capture::Redactions::parse(flags.redact))));
}

}  // namespace topicloop::cli
