// SPDX-License-Identifier: Apache-2.0
// Names that a service or this machine knows, for completions.
//
// Which service is asked is what `words`, the command line so far, and the environment say.
// Somebody is waiting at a prompt: each question to it has `patience`, and no answer means no
// names. Throws CommandError if the line or the environment is wrong.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace topicloop::cli {

using Names = std::vector<std::string>;

Names known_caches(const Names& words, std::chrono::milliseconds patience, std::stop_token stop);
// Those that have a webhook or, on a local service with an HTTP port, messages or subscribers.
Names known_topics(const Names& words, std::chrono::milliseconds patience, std::stop_token stop);
Names known_webhooks(const Names& words, std::chrono::milliseconds patience, std::stop_token stop);
// Of the file with the keys of the `momento` CLI.
Names known_profiles();

}  // namespace topicloop::cli
