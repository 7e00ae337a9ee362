// SPDX-License-Identifier: Apache-2.0
// The flags about which service and which cache, shared by all commands that talk to one.
//
// What the flags leave open the environment and the profiles decide: see service_choice.hpp.
#pragma once

#include "base/error.hpp"
#include "cli/context.hpp"
#include "topic/client.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct ConnectionFlags {
  std::string local;  // HOST:PORT or unix:PATH; empty: not given.
  std::string cache;  // Empty: not given.
  std::string connect_timeout;
  std::string api_key_file = {};
  bool tls = false;
  std::string ca_file = {};
  std::string api_key = {};
  std::string endpoint = {};  // As parse_service_endpoint() reads it.
  std::string profile = {};
};

// --local, --cache, --connect-timeout, --api-key-file, --api-key, --endpoint, --profile, --tls and
// --cacert; `flags` must outlive the parsing.
void add_connection_flags(CLI::App& command, ConnectionFlags& flags);
// --cache alone.
void add_cache_flag(CLI::App& command, ConnectionFlags& flags);

// True if a flag, or TOPICLOOP_LOCAL, is about a service that runs already.
bool names_a_service(const ConnectionFlags& flags);

// True if --local or TOPICLOOP_LOCAL says which service.
bool is_local(const ConnectionFlags& flags);

// Throws CommandError for whatever is wrong with the service, the key or the profile.
topic::ConnectionOptions connection_options(const ConnectionFlags& flags);

// --cache, else MOMENTO_CACHE_NAME, else that of the profile in use, else "default-cache".
std::string cache_name(const ConnectionFlags& flags);
// The same for a service that no profile is about.
std::string local_cache_name(const ConnectionFlags& flags);

// Connects, or throws CommandError. Tells on stderr if it has to wait for the service, and what is
// unwise about how the key is kept.
topic::Client connect(const ConnectionFlags& flags, const Context& context);
topic::Client connect(topic::ConnectionOptions options, const Context& context);

}  // namespace topicloop::cli
