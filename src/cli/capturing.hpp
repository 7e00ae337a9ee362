// SPDX-License-Identifier: Apache-2.0
// What the subcommands of `capture` do with the files they are given, record by record.
#pragma once

#include "cli/context.hpp"
#include "cli/output_flags.hpp"

#include <string>
#include <vector>

namespace topicloop::cli {

struct CaptureOptions {
  OutputFlags output;
  std::vector<std::string> files;  // "-": standard input.
  bool details = false;            // show: headers and bodies as well.
  std::string output_file;         // merge.
  std::string to;                  // convert: har, curl or cloudevents.
};

// All throw CommandError: BadInput naming FILE:LINE for what cannot be read. A torn last line is a
// warning.
void run_capture_show(const CaptureOptions& options, Context& context);
void run_capture_stat(const CaptureOptions& options, Context& context);
// Goes on after a file that is bad; CheckFailed if the worst there was is a torn line.
void run_capture_check(const CaptureOptions& options, Context& context);
// The output must not be there yet.
void run_capture_merge(const CaptureOptions& options, Context& context);
void run_capture_convert(const CaptureOptions& options, Context& context);

}  // namespace topicloop::cli
