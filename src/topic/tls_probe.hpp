// SPDX-License-Identifier: Apache-2.0
// One TLS handshake, and what is wrong with the certificate. Inside this room only: see probe.hpp.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <chrono>
#include <stop_token>
#include <string>

namespace topicloop::topic {

struct TlsAttempt {
  int fd = -1;  // Connected, and not blocking.
  std::string host;
  std::string ca_file;  // Empty: the system's authorities.
  std::chrono::steady_clock::time_point deadline;
  std::stop_token stop = {};
};

struct SeenCertificate {
  std::string issuer;
  SystemTime valid_until;
};

// Unavailable with the reason, in words of its own where the certificate is to blame. BadInput if
// the file holds no authority.
Result<SeenCertificate> tls_handshake(const TlsAttempt& attempt);

// Until poll() has one of `events` for `fd`; false if the deadline comes or the stop first.
bool wait_for(int fd, short events, std::chrono::steady_clock::time_point deadline,
              const std::stop_token& stop);

}  // namespace topicloop::topic
