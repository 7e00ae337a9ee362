// SPDX-License-Identifier: Apache-2.0
// Why there is no connection to a service, from the words gRPC has for it.
//
// gRPC tells a wrong port, a certificate that is not trusted and a service that is not there by one
// status code and by texts from inside its libraries; here they are put into ours, with what to do
// about each. Pure.
#pragma once

#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <string_view>

namespace topicloop::wire {

struct ConnectFailure {
  std::string message;   // Names the endpoint.
  std::string help;      // What to type next.
  bool may_pass = true;  // Connecting again may succeed: the service may just not be up yet.
};

// Nothing if `status` is not about making a connection to `endpoint` (HOST:PORT or unix:PATH).
std::optional<ConnectFailure> connect_failure(const grpc::Status& status,
                                              std::string_view endpoint);

// Nobody accepts connections at `endpoint`, for `reason`.
ConnectFailure nobody_there(std::string_view endpoint, std::string_view reason);

}  // namespace topicloop::wire
