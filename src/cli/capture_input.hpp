// SPDX-License-Identifier: Apache-2.0
// The captures a command line names, opened and read with its warnings shown. Not thread-safe.
#pragma once

#include "capture/file.hpp"
#include "cli/context.hpp"
#include "cli/render.hpp"

#include <string>

namespace topicloop::cli {

// "-" is standard input. The reader must not outlive `context` and `renderer`.
inline Result<capture::Reader> open_input(const std::string& file, Context& context,
                                          capture::Reader::OnWarning on_warning) {
  if (file != "-") return capture::Reader::open(file, std::move(on_warning), context.stop());
  return capture::Reader::of(context.streams.in, "standard input", std::move(on_warning),
                             context.stop());
}

inline capture::Reader must_open_input(const std::string& file, Context& context,
                                       Renderer& renderer) {
  return value_or_throw(open_input(
      file, context, [&renderer](const std::string& warning) { renderer.warning(warning); }));
}

// Calls `take` with every record of a file, until the end or a stop.
template <typename Take>
void for_each_record(capture::Reader& reader, const Context& context, const Take& take) {
  while (!context.stop().stop_requested()) {
    auto record = value_or_throw(reader.next());
    if (!record) return;
    take(*record);
  }
}

}  // namespace topicloop::cli
