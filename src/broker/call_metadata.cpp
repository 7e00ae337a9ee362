// SPDX-License-Identifier: Apache-2.0
#include "broker/call_metadata.hpp"

#include "wire/status.hpp"

namespace topicloop::broker {

std::string_view header(const grpc::ServerContextBase& context, std::string_view name) {
  const auto& headers = context.client_metadata();
  const auto found = headers.find(grpc::string_ref(name.data(), name.size()));
  if (found == headers.end()) return {};
  return {found->second.data(), found->second.size()};
}

std::string_view key_of(const grpc::ServerContextBase& context) {
  return header(context, "authorization");
}

grpc::Status failure(grpc::ServerContextBase& context, const Error& error) {
  if (!error.subtype.empty()) context.AddTrailingMetadata("err", error.subtype);
  return wire::to_status(error);
}

FaultHeaders fault_headers_of(const grpc::ServerContextBase& context) {
  const auto read = [&](std::string_view name) { return header(context, name); };
  // Nearly every call has none of them.
  FaultHeaders headers;
  headers.error_rpcs = read("error-rpcs");
  headers.delay_rpcs = read("delay-rpcs");
  headers.stream_error_rpcs = read("stream-error-rpcs");
  if (headers.error_rpcs.empty() && headers.delay_rpcs.empty() &&
      headers.stream_error_rpcs.empty()) {
    return {};
  }
  headers.request_id = read("request-id");
  headers.return_error = read("return-error");
  headers.error_count = read("error-count");
  headers.delay_ms = read("delay-ms");
  headers.delay_count = read("delay-count");
  headers.stream_error = read("stream-error");
  headers.stream_error_message_limit = read("stream-error-message-limit");
  return headers;
}

grpc::Status failure(const InjectedError& error) {
  return {static_cast<grpc::StatusCode>(error.status), error.message};
}

}  // namespace topicloop::broker
