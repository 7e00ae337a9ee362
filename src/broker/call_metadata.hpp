// SPDX-License-Identifier: Apache-2.0
// What a gRPC call says about itself besides its message, and how its failure is told.
//
// Views are into the call's context and live as long as it does. Thread-safe.
#pragma once

#include "base/error.hpp"
#include "broker/faults.hpp"

#include <grpcpp/server_context.h>

#include <string_view>

namespace topicloop::broker {

// The value of a request header, its first if there are several; empty if it was not sent. `name`
// is in lower case.
std::string_view header(const grpc::ServerContextBase& context, std::string_view name);

// The caller's key: the header "authorization" as it is. Clients of a local service send it empty.
std::string_view key_of(const grpc::ServerContextBase& context);

// The status to end a call with; a subtype goes along in the trailer "err", where SDKs look for it.
// Before the call's last operation is started.
grpc::Status failure(grpc::ServerContextBase& context, const Error& error);

// The faults that a call asks for.
FaultHeaders fault_headers_of(const grpc::ServerContextBase& context);

// The status to end a call with that is to fail.
grpc::Status failure(const InjectedError& error);

}  // namespace topicloop::broker
