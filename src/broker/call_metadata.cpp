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

}  // namespace topicloop::broker
