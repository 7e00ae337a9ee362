// SPDX-License-Identifier: Apache-2.0
// Making a key: with the service's signing secret, or by asking the service for it.
//
// A key is printed here and nowhere else, as that is what this command is for.
#pragma once

#include "cli/connection_flags.hpp"
#include "cli/context.hpp"
#include "cli/output_flags.hpp"

#include <string>
#include <vector>

namespace topicloop::cli {

inline constexpr const char* k_never = "never";

struct TokenOptions {
  ConnectionFlags connection;
  OutputFlags output;
  std::vector<std::string> caches;  // Empty: the configured one.
  std::vector<std::string> topics = {"*"};
  std::string role = "readwrite";  // Or read, or write.
  bool super_user = false;
  std::string token_id;
  std::string expires = "1h";  // Or k_never.
  std::string secret_file;     // Not empty: no service is asked.
  bool bare = false;
};

// Makes the key and prints it. Throws CommandError.
void run_token_create(const TokenOptions& options, Context& context);

}  // namespace topicloop::cli
