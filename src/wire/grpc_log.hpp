// SPDX-License-Identifier: Apache-2.0
// gRPC logs to stderr on its own; topicloop tells its users what happened itself.
#pragma once

namespace topicloop::wire {

// Silences gRPC's log unless GRPC_VERBOSITY or GRPC_TRACE asks for it. Call before the first use of
// gRPC; further calls do nothing. Thread-safe.
void silence_grpc_log();

}  // namespace topicloop::wire
