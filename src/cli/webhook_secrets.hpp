// SPDX-License-Identifier: Apache-2.0
// The webhook secrets a user has given: files and the environment.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

namespace topicloop::cli {

// The content of each file, then that of TOPICLOOP_WEBHOOK_SECRET if it is set. Throws CommandError
// (BadInput) naming a file without a secret in it. Not to be used once `stop` is requested.
std::vector<std::string> given_secrets(const std::vector<std::string>& files,
                                       const std::stop_token& stop);

}  // namespace topicloop::cli
