// SPDX-License-Identifier: Apache-2.0
// Errors as gRPC statuses, and statuses as errors.
//
// A service answers with to_status; a client reads the answer with from_status. Pure functions,
// thread-safe.
#pragma once

#include "base/error.hpp"

#include <grpcpp/support/status.h>

#include <string_view>

namespace topicloop::wire {

// Never OK. Each kind of the service's side has a code of its own; Usage and BadInput become
// INVALID_ARGUMENT, CheckFailed FAILED_PRECONDITION and Timeout DEADLINE_EXCEEDED. The help stays
// behind: it is for the command line that produced it.
grpc::Status to_status(const Error& error);

// What a call to `endpoint` (HOST:PORT or unix:PATH) failed with; `status` must not be OK. INTERNAL
// and codes without a kind of their own (UNKNOWN, ABORTED, OUT_OF_RANGE, DATA_LOSS) are
// ServiceFailed. The message is the service's own text, except where there is none or where nobody
// answered: then it names `endpoint`, and help says how to reach it.
Error from_status(const grpc::Status& status, std::string_view endpoint);

// Nobody accepts connections at `endpoint`: Unavailable, with help for a service on this machine.
Error unreachable(std::string_view endpoint, std::string_view reason);

}  // namespace topicloop::wire
