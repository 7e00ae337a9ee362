// SPDX-License-Identifier: Apache-2.0
// Cache control on the wire: create, delete, flush and list.
//
// Hides the generated protobuf code. Field meanings are in proto/controlclient.proto; the replies
// to create, delete and flush carry nothing: no bytes. Names given to serialize must be UTF-8. Pure
// functions, thread-safe.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace topicloop::wire {

// One page of the list. What the service allows on each cache is neither sent nor read.
struct ListCachesResponse {
  std::vector<std::string> caches;  // Names, in the service's order.
  std::string next_token;           // Asks for the next page; empty on the last.

  bool operator==(const ListCachesResponse&) const = default;
};

// The request to create, delete or flush `cache`: three messages of one shape.
std::string serialize_cache_request(std::string_view cache);
// The cache's name, possibly empty. InvalidArgument if the bytes are malformed.
Result<std::string> parse_cache_request(std::string_view bytes);

// `next_token`: empty for the first page.
std::string serialize_list_caches_request(std::string_view next_token);
// The next_token, empty for the first page. InvalidArgument if the bytes are malformed.
Result<std::string> parse_list_caches_request(std::string_view bytes);

std::string serialize(const ListCachesResponse& response);
// ServiceFailed if the bytes are malformed.
Result<ListCachesResponse> parse_list_caches_response(std::string_view bytes);

}  // namespace topicloop::wire
