// SPDX-License-Identifier: Apache-2.0
// Asking an HTTP server one thing: for what is not worth a client of its own.
//
// Blocks for the timeout at most. Thread-safe.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace topicloop::webhook {

struct HttpQuestion {
  std::string url;
  std::chrono::milliseconds timeout{2'000};
  std::string ca_file = {};  // PEM; empty: the system's authorities.
};

struct HttpAnswer {
  int status = 0;
  std::string body;                // At most a MiB of it.
  std::optional<SystemTime> date;  // What time it was there, to the second.
};

// Any answer is one, whatever its status. Unavailable, naming the URL, if there is none.
Result<HttpAnswer> http_get(const HttpQuestion& question);

}  // namespace topicloop::webhook
