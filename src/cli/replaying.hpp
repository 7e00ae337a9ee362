// SPDX-License-Identifier: Apache-2.0
// What `replay` does: send captured events again, in time, and judge what comes of each.
//
// The command's own thread reads the captures, begins what is due and shows what has ended, in the
// captures' order; how events are sent is a target's business (replay_target.hpp). At most twice as
// many events as are under way at a time are in memory, whatever the size of the captures.
#pragma once

#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/output_flags.hpp"
#include "cli/report_flags.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace topicloop::cli {

struct ReplayOptions {
  ConnectionFlags connection{.local = "", .cache = "", .connect_timeout = "10s"};
  OutputFlags output;
  std::vector<std::string> files;

  std::string url;  // One of these three: where to.
  std::string topic;
  bool print = false;
  bool dry_run = false;

  std::string select;  // Empty: every event.
  std::vector<std::string> ids;
  std::uint64_t repeat = 1;
  std::optional<std::uint64_t> shuffle;

  bool resign = false;
  bool keep_signature = false;
  std::string secret_file;
  std::vector<std::string> settings;

  std::string speed = "max";
  std::string rate;  // Empty: by the speed.
  std::size_t concurrency = 1;
  std::uint64_t retry = 0;
  std::string retry_max_time;
  std::string timeout = "5s";  // Of each attempt, and of what is to come out on a topic.

  std::string expect;  // Empty: 2xx, unless answers are compared.
  bool compare = false;
  std::vector<std::string> ignored;
  std::uint64_t max_ms = 0;  // 0: no limit.
  ReportFlags reports;
  bool update = false;       // What comes becomes what is expected.
  std::string expect_topic;  // Empty: none.
  std::string expect_file;
  bool unordered = false;
  bool fail_fast = false;
  bool allow_empty = false;
};

// Returns when all events are sent, answered and as expected, or on a stop. Throws CommandError:
// CheckFailed if expectations are not met, BadInput for captures that cannot be read or replayed,
// Unavailable or Timeout if nothing was answered at all.
void run_replay(const ReplayOptions& options, Context& context);

}  // namespace topicloop::cli
