// SPDX-License-Identifier: Apache-2.0
// Examining, step by step, what stands between this machine and a working topic.
//
// Each check is bounded in time. One that needs what an earlier one did not find is skipped, so
// that a single cause is reported once. Nothing is changed and no message is published; no key is
// shown.
#pragma once

#include "cli/connection_flags.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace topicloop::cli {

enum class CheckStatus { Ok, Warning, Failed, Skipped };

struct Check {
  std::string name;  // "configuration", "TLS", "port 8080", ...
  CheckStatus status = CheckStatus::Ok;
  std::string detail;
  std::string help = {};                    // What to do next, or empty.
  ErrorKind kind = ErrorKind::CheckFailed;  // Of one that failed.
};

struct DoctorOptions {
  ConnectionFlags connection;
  std::string topic = "topic 1";  // Is subscribed to, for a moment.
  std::vector<std::uint16_t> ports = {8080, 9090, 9000};
  std::string ngrok = "http://127.0.0.1:4040";
  std::string clock = {};  // URL; empty: the service's own.
};

// Reports every check as soon as it is made, in a fixed order.
void examine(const DoctorOptions& options, const std::stop_token& stop,
             const std::function<void(const Check&)>& report);

}  // namespace topicloop::cli
