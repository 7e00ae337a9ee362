// SPDX-License-Identifier: Apache-2.0
// The gRPC front for everything that is not a message: caches, webhooks, ping.
//
// These calls are rare, so one generic unary call serves them all from a table: method path to a
// function from request bytes to answer bytes. A path that is not in the table is UNIMPLEMENTED.
// Runs on the event loop's thread.
#pragma once

#include "base/error.hpp"
#include "broker/event_loop.hpp"

#include <grpcpp/generic/async_generic_service.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace topicloop::broker {

using ControlMethod = std::function<Result<std::string>(std::string_view request)>;
using ControlMethods = std::map<std::string, ControlMethod, std::less<>>;

// What the calls need; outlives them.
struct ControlFront {
  EventLoop& loop;
  grpc::AsyncGenericService& service;
  ControlMethods methods;
};

// Starts to accept calls. The server must have been started.
void accept_control_calls(ControlFront& front);

}  // namespace topicloop::broker
