// SPDX-License-Identifier: Apache-2.0
// Files that hold secrets: nobody but their owner may read them.
//
// Failures are CommandError, BadInput, naming the file and never what is in it.
#pragma once

#include <string>

namespace topicloop::cli {

// The secret that signs keys: what the file holds, without white space around it. A file that
// others may read, or with fewer than 32 characters, is refused.
std::string read_auth_secret(const std::string& path);

// The same; a file that is not there is made, with a random secret in it.
std::string read_or_make_auth_secret(const std::string& path);

// Writes the file, or replaces it, so that nobody ever sees a part of it. What a symbolic link
// stands for is replaced, and not the link; what is there and no regular file is refused.
void write_private_file(const std::string& path, const std::string& content);

}  // namespace topicloop::cli
