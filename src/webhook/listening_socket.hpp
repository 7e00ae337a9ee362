// SPDX-License-Identifier: Apache-2.0
// The socket a server accepts connections on.
#pragma once

#include "base/error.hpp"

#include <string>

namespace topicloop::webhook {

struct ListeningSocket {
  int socket = -1;  // The caller's to close; closed when another program is executed.
  int port = 0;     // The one bound.
};

// Listens on a name or address (IPv6 without brackets); port 0 picks a free one. A second one on
// the same port fails. Unavailable names host and port.
Result<ListeningSocket> listen_on(const std::string& host, int port);

// The failure to listen there; `error` is an errno, or 0 if the host has no address.
Error cannot_listen(const std::string& host, int port, int error);

// "http://host:port", or https.
std::string origin_of(bool is_tls, const std::string& host, int port);

}  // namespace topicloop::webhook
