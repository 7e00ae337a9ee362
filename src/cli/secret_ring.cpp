// SPDX-License-Identifier: Apache-2.0
#include "cli/secret_ring.hpp"

#include <utility>

namespace topicloop::cli {

bool SecretRing::learn(const std::string& secret, Time now) {
  if (secret == current_) return false;
  previous_ = std::exchange(current_, secret);
  previous_until_ = now + k_grace;
  return true;
}

bool SecretRing::expire(Time now) {
  if (previous_.empty() || now < previous_until_) return false;
  previous_.clear();
  return true;
}

std::vector<std::string> SecretRing::all() const {
  std::vector<std::string> secrets = given_;
  for (const std::string& secret : {current_, previous_}) {
    if (!secret.empty()) secrets.push_back(secret);
  }
  return secrets;
}

}  // namespace topicloop::cli
