// SPDX-License-Identifier: Apache-2.0
// What has to be said to gRPC before its first use in a process.
#pragma once

namespace topicloop::wire {

// Silences gRPC's log, since topicloop tells its users what happened itself, unless GRPC_VERBOSITY
// or GRPC_TRACE asks for it; and gets initialisations over with that could disturb its
// connections. Call before the first use of gRPC; further calls do nothing. Thread-safe.
void set_up_grpc();

}  // namespace topicloop::wire
