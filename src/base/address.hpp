// SPDX-License-Identifier: Apache-2.0
// The addresses topicloop listens on and connects to: HOST:PORT or unix:PATH.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace topicloop {

struct Address {
  std::string host;        // A name, an IPv4 or an IPv6 address (without brackets); or empty.
  std::uint16_t port = 0;  // 0 when listening: any free port.
  std::string unix_path;   // Not empty: a Unix socket, host and port mean nothing.

  bool is_unix() const { return !unix_path.empty(); }
  // True if only this machine can be meant: 127.*, ::1, localhost or a name below it, unix:PATH.
  bool is_loopback() const;
  // As gRPC and people write it: "127.0.0.1:8080", "[::1]:8080", "unix:/run/t.sock".
  std::string to_string() const;
};

// Reads "HOST:PORT", "[IPV6]:PORT", "HOST" (if `default_port` is not negative), ":PORT" (all of
// 127.0.0.1) or "unix:PATH". The error is of kind Usage and names `text`.
Result<Address> parse_address(std::string_view text, int default_port = -1);

}  // namespace topicloop
