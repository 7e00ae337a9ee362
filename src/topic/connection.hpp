// SPDX-License-Identifier: Apache-2.0
// Which service to talk to, and how.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace topicloop::topic {

struct ConnectionOptions {
  std::string endpoint = "127.0.0.1:8080";  // Topics: HOST:PORT or unix:PATH.
  std::string control_endpoint;             // Caches and webhooks; empty: as `endpoint`.
  std::string token_endpoint;               // Tokens; empty: as `control_endpoint`.
  bool tls = false;
  std::string ca_file;  // PEM file of trusted certificates; empty: the system's.
  std::string api_key;  // Sent as it is; may be empty.
  std::chrono::milliseconds timeout{5'000};  // Of a unary call, and until a first message.
  // How long connect() waits for a service that does not accept connections yet; 0: it does not,
  // and the first call fails.
  std::chrono::milliseconds wait{0};
  // Called once if that takes longer than a moment, by the thread that waits.
  std::function<void()> on_waiting = {};
  // A peer that vanished without a word is noticed after both: how long a connection may be silent
  // before it is asked for a sign of life, and how long that may take.
  std::chrono::milliseconds keepalive{10'000};
  std::chrono::milliseconds keepalive_timeout{5'000};
};

}  // namespace topicloop::topic
