// SPDX-License-Identifier: Apache-2.0
// The flags about who may use a service: whether keys are required, and where they come from.
#pragma once

#include "broker/access.hpp"

#include <string>

namespace CLI {
class App;
}

namespace topicloop::cli {

struct AuthFlags {
  bool required = false;
  std::string secret_file = {};
  std::string admin_key_file = {};
};

// --require-auth, --auth-secret and --admin-key-file; `flags` must outlive the parsing.
void add_auth_flags(CLI::App& command, AuthFlags& flags);

// With the secret in the file, or else in `state_directory` unless that is empty; made if it is not
// there. Without either, a random one. Throws CommandError for a file that is no good, and if
// nobody could ever have a key.
broker::AccessOptions access_options(const AuthFlags& flags, const std::string& state_directory);

// Writes a super user's key into the file asked for, if one is. It does not expire, but the secret
// may change.
void write_admin_key(const AuthFlags& flags, const broker::AccessOptions& access);

}  // namespace topicloop::cli
