// SPDX-License-Identifier: Apache-2.0
// An answer as an HTTP/1.1 server sends it. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace topicloop::webhook {

struct HttpReply {
  int status = 200;
  std::string content_type = {};
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // Further ones.
};

// False for a status whose answer ends with its headers.
bool may_have_body(int status);

// Whether another request may come on the connection, which is said for those who need to be told.
enum class Connection { Close, KeepAlive };

// `is_head`: the request's method was HEAD, to which the body is not sent.
std::string to_bytes(const HttpReply& reply, Connection connection, bool is_head = false);

}  // namespace topicloop::webhook
