// SPDX-License-Identifier: Apache-2.0
// Whether the client of an HTTP request is still there while its answer is being waited for.
//
// cpp-httplib tells handlers neither, nor which socket is theirs. Thread-safe.
#pragma once

#include <string>

namespace topicloop::broker {

// The socket between `local_port` here and `peer`, a numeric address, at `peer_port`; -1 if there
// is none. It stays that connection's only as long as its handler runs.
int find_connection(int local_port, const std::string& peer, int peer_port);

}  // namespace topicloop::broker
