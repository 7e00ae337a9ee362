// SPDX-License-Identifier: Apache-2.0
// The gRPC front for everything that is not a message: caches, webhooks, ping.
//
// These calls are rare, so one generic unary call serves them all from a table: method path to a
// function from request bytes to answer bytes. A path that is not in the table is UNIMPLEMENTED.
// Runs on the event loop's thread.
#pragma once

#include "base/error.hpp"
#include "broker/access.hpp"
#include "broker/event_loop.hpp"
#include "broker/metrics.hpp"
#include "broker/registry.hpp"

#include <grpcpp/generic/async_generic_service.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace topicloop::broker {

struct ControlRequest {
  std::string_view bytes;      // The serialised message.
  std::string_view authority;  // The HOST:PORT the client called us by.
};

struct ControlMethod {
  // Who may call it. Open methods ask for no key, or carry it in the message.
  enum class Who { Anybody, Administrators };

  Who who = Who::Administrators;
  std::function<Result<std::string>(const ControlRequest&)> answer;
};

using ControlMethods = std::map<std::string, ControlMethod, std::less<>>;

// What the calls need; outlives them.
struct ControlFront {
  EventLoop& loop;
  const Registry& registry;
  Access& access;
  Metrics& metrics;
  grpc::AsyncGenericService& service;
  ControlMethods methods;
};

// Starts to accept calls. The server must have been started.
void accept_control_calls(ControlFront& front);

}  // namespace topicloop::broker
