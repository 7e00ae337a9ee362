// SPDX-License-Identifier: Apache-2.0
// Which service the flags, the environment and the profiles add up to, and with which key.
//
// The first of these that says anything decides: --local or TOPICLOOP_LOCAL; --api-key-file or
// --api-key; MOMENTO_API_KEY; a profile; and without any of them it is the local service. Reads
// files and the environment, opens no connection.
#pragma once

#include "base/clock.hpp"
#include "cli/connection_flags.hpp"
#include "cli/credential.hpp"
#include "topic/connection.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace topicloop::cli {

struct ServiceChoice {
  topic::ConnectionOptions connection;
  std::string decided_by;  // "--local", "MOMENTO_API_KEY", "profile \"default\" of FILE"; or empty.
  std::optional<Credential> credential;
  std::vector<std::string> warnings;
};

// A key that is malformed or has expired, apart from whatever else may be wrong.
class KeyError : public CommandError {
public:
  KeyError(Error error, std::string source)
      : CommandError(std::move(error)), source_(std::move(source)) {}
  const std::string& source() const { return source_; }

private:
  std::string source_;
};

// Throws CommandError: BadInput for a file, a key or a profile that is no good, Usage for what does
// not add up to a service, Unauthenticated for a key that has expired by `now`.
ServiceChoice choose_service(const ConnectionFlags& flags, SystemTime now);

// The cache of the profile that choose_service() uses or that was asked for by a flag, if it has
// one.
std::optional<std::string> profile_cache(const ConnectionFlags& flags);

// The variable, or empty.
std::string from_environment(const char* name);

}  // namespace topicloop::cli
