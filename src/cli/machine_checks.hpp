// SPDX-License-Identifier: Apache-2.0
// What `doctor` looks at on this machine, whatever the service: the clock, ports, ngrok.
//
// None of it fails: there may be good reasons for all of it. Each is bounded in time.
#pragma once

#include "base/clock.hpp"
#include "cli/doctor.hpp"

#include <cstdint>
#include <string>

namespace topicloop::cli {

// By the Date that an HTTP server at `url` answers with. An empty `url`: the service is on this
// machine.
Check check_clock(const std::string& url, const std::string& ca_file, SystemTime now);

// Whether 127.0.0.1:`port` is free, and else who has it, as far as that is to be seen.
Check check_port(std::uint16_t port);

// Which tunnels the agent with this API address has. That none runs is normal.
Check check_ngrok(const std::string& origin);

}  // namespace topicloop::cli
