// SPDX-License-Identifier: Apache-2.0
// The endpoint that a service is known by, and the hosts below it.
//
// The hosted service is cache., control. and token. of one base host, on port 443 with TLS. Pure.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace topicloop::cli {

struct ServiceEndpoint {
  std::string host;  // The base host: without scheme, and without cache. before it.
  std::uint16_t port = 443;

  bool operator==(const ServiceEndpoint&) const = default;
};

// HOST:PORT each, as ConnectionOptions has them.
struct Hosts {
  std::string topics;
  std::string control;
  std::string token;

  bool operator==(const Hosts&) const = default;
};

// HOST or HOST:PORT. What people copy along with a host is understood: https://, a slash at the
// end, cache. (or control., token., api.cache.) in front. The error is of kind Usage and repeats
// `text`.
Result<ServiceEndpoint> parse_service_endpoint(std::string_view text);

// True if it can only be on this machine: then a service there is used in plain text unless TLS is
// asked for.
bool is_on_this_machine(const ServiceEndpoint& endpoint);

// The hosts of the service. An IP address has no names below it, and a service without TLS no
// certificate for them: then all three are the endpoint itself.
Hosts hosts_of(const ServiceEndpoint& endpoint, bool tls);

}  // namespace topicloop::cli
