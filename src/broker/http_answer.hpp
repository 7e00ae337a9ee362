// SPDX-License-Identifier: Apache-2.0
// What the HTTP port answers, before it is given to the HTTP library.
//
// Pure.
#pragma once

#include "base/error.hpp"

#include <string>

namespace topicloop::broker {

struct HttpAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::string allow = {};  // The methods there are, with status 405.
};

// 400, 401, 403, 404, 409, 429, 501, 503 or 504 as the kind asks for, else 500.
int http_status(ErrorKind kind);

// {"status":"error","reason":"..."}. What broke inside is not told; what is too large is 413.
HttpAnswer error_answer(int status, const std::string& reason);
HttpAnswer error_answer(const Error& error);

}  // namespace topicloop::broker
