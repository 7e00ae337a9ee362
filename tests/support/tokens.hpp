// SPDX-License-Identifier: Apache-2.0
// Keys as the hosted service hands them out, for tests. Nobody has signed them.
#pragma once

#include "base/base64url.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"

#include <string>

namespace topicloop::test {

inline SystemTime at_second(long seconds) {
  return SystemTime(std::chrono::seconds(seconds));
}

// A JSON Web Token with these claims.
inline std::string token(const std::string& claims) {
  return to_base64url(R"({"alg":"HS256"})") + '.' + to_base64url(claims) + '.' +
         to_base64url("signature");
}

inline std::string v1_key(const std::string& endpoint, const std::string& key) {
  return to_base64(R"({"endpoint":")" + endpoint + R"(","api_key":")" + key + "\"}");
}

}  // namespace topicloop::test
