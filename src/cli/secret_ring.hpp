// SPDX-License-Identifier: Apache-2.0
// The secrets that may have signed a request: those given, the service's, and for a short while the
// one that the service had before.
//
// A secret is void on the service as soon as it is rotated; what was signed with it just before may
// still be on its way, for as long as a delivery may take. Pure: the clock is an argument. Not
// thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace topicloop::cli {

class SecretRing {
public:
  using Time = std::chrono::steady_clock::time_point;

  // How long after the service's new secret was seen its old one is still accepted: twice what the
  // service gives a delivery.
  static constexpr std::chrono::seconds k_grace{10};

  explicit SecretRing(std::vector<std::string> given) : given_(std::move(given)) {}

  // The service's secret is this. True if it was another one, or none.
  bool learn(const std::string& secret, Time now);

  // True if the old secret's time has just run out.
  bool expire(Time now);

  // Those that count now.
  std::vector<std::string> all() const;

private:
  const std::vector<std::string> given_;
  std::string current_;   // Empty: not known.
  std::string previous_;  // Empty: there is none any more.
  Time previous_until_;
};

}  // namespace topicloop::cli
