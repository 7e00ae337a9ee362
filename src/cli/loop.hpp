// SPDX-License-Identifier: Apache-2.0
// The whole pattern in one process: publish, webhook, process, publish, subscribe.
//
// One message goes round at a time, so that each hop can be shown as it happens and timed. The
// service is an embedded one on free ports unless the flags or the environment name another.
#pragma once

#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/output_flags.hpp"
#include "webhook/transform.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace topicloop::cli {

struct LoopOptions {
  ConnectionFlags connection;
  OutputFlags output;
  std::string in = "topic 1";
  std::string out = "topic 2";
  std::vector<std::string> messages;
  webhook::Transform transform = webhook::Transform::Upper;
  std::uint64_t count = 0;  // 0: every message once.
  std::string timeout = "10s";
  bool stats = false;
};

// Sends every message round and shows a summary. Throws CommandError: Timeout if one does not come
// back in time, CheckFailed with the webhook's answer if it was refused there.
void run_loop(const LoopOptions& options, Context& context);

}  // namespace topicloop::cli
