// SPDX-License-Identifier: Apache-2.0
// The flags of serve-topics for its HTTP port.
#pragma once

#include "broker/broker.hpp"

#include <string>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct HttpFlags {
  std::string address;  // As given; empty: the default, which is done without if it is taken.
  std::string poll_timeout = "30s";
};

void add_http_flags(CLI::App& command, HttpFlags& flags);

// The flags must have been checked, as parsing does.
void set_http_options(broker::BrokerOptions& options, const HttpFlags& flags);

}  // namespace topicloop::cli
