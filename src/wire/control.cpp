// SPDX-License-Identifier: Apache-2.0
#include "wire/control.hpp"

#include "controlclient.pb.h"
#include "wire/parse.hpp"

#include <utility>

namespace topicloop::wire {
namespace {

namespace proto = control_client;

}  // namespace

std::string serialize_cache_request(std::string_view cache) {
  proto::_CreateCacheRequest message;
  message.set_cache_name(cache.data(), cache.size());
  return message.SerializeAsString();
}

Result<std::string> parse_cache_request(std::string_view bytes) {
  proto::_CreateCacheRequest message;
  auto parsed = parse_into(message, bytes, ErrorKind::InvalidArgument, "cache request");
  if (!parsed) return std::move(parsed).error();
  return std::move(*message.mutable_cache_name());
}

std::string serialize_list_caches_request(std::string_view next_token) {
  proto::_ListCachesRequest message;
  message.set_next_token(next_token.data(), next_token.size());
  return message.SerializeAsString();
}

Result<std::string> parse_list_caches_request(std::string_view bytes) {
  proto::_ListCachesRequest message;
  auto parsed = parse_into(message, bytes, ErrorKind::InvalidArgument, "_ListCachesRequest");
  if (!parsed) return std::move(parsed).error();
  return std::move(*message.mutable_next_token());
}

std::string serialize(const ListCachesResponse& response) {
  proto::_ListCachesResponse message;
  for (const auto& cache : response.caches)
    message.add_cache()->set_cache_name(cache);
  message.set_next_token(response.next_token);
  return message.SerializeAsString();
}

Result<ListCachesResponse> parse_list_caches_response(std::string_view bytes) {
  proto::_ListCachesResponse message;
  auto parsed = parse_into(message, bytes, ErrorKind::ServiceFailed, "_ListCachesResponse");
  if (!parsed) return std::move(parsed).error();
  ListCachesResponse response;
  for (auto& cache : *message.mutable_cache()) {
    response.caches.push_back(std::move(*cache.mutable_cache_name()));
  }
  response.next_token = std::move(*message.mutable_next_token());
  return response;
}

}  // namespace topicloop::wire
