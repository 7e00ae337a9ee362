// SPDX-License-Identifier: Apache-2.0
// The webhook secrets a user has given: files and the environment.
#pragma once

#include <string>
#include <vector>

namespace topicloop::cli {

// The content of each file, then that of TOPICLOOP_WEBHOOK_SECRET if it is set. Throws CommandError
// (BadInput) naming a file without a secret in it.
std::vector<std::string> given_secrets(const std::vector<std::string>& files);

}  // namespace topicloop::cli
