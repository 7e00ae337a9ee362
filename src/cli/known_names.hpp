// SPDX-License-Identifier: Apache-2.0
// Names that a service or this machine knows, for completions.
//
// Somebody is waiting at a prompt: bounded in time, and a failure means no names. Which service is
// asked is what `words`, the command line so far, and the environment say.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

namespace topicloop::cli {

using Names = std::vector<std::string>;

Names known_caches(const Names& words, std::stop_token stop);
// Those that have a webhook or, on a local service with an HTTP port, messages or subscribers.
Names known_topics(const Names& words, std::stop_token stop);
Names known_webhooks(const Names& words, std::stop_token stop);
// Of the file with the keys of the `momento` CLI.
Names known_profiles();

}  // namespace topicloop::cli
