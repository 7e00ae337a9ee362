// SPDX-License-Identifier: Apache-2.0
// A cpp-httplib server with its defaults made fit for service: a thread for each connection up to
// 1,024, no Nagle delay, a useful listen queue, and a second server on the same port fails.
//
// Routes and handlers are set on `server()` before `start`; they run with all signals blocked.
// Constructing one makes the process ignore SIGPIPE (httplib does). `stop` must not be
// called by a handler, nor by two threads at once.
#pragma once

#include "base/error.hpp"
#include "webhook/tls_files.hpp"

#include <memory>
#include <optional>
#include <string>

namespace httplib {
class Server;
}

namespace topicloop::webhook {

class HttpListener {
public:
  // With `tls`, which read_tls_files() must have accepted, it speaks HTTPS.
  explicit HttpListener(const std::optional<TlsFiles>& tls = {});
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;
  ~HttpListener();  // As stop().

  httplib::Server& server();

  // Accepts connections when it returns. Port 0 picks a free one; IPv6 addresses come without
  // brackets. Fails with Unavailable naming host and port if they cannot be bound, and with
  // BadInput if the TLS files have become unusable.
  Result<void> start(const std::string& host, int port);

  // The port bound, and "http://host:port" (or https) to reach it.
  int port() const;
  std::string origin() const;

  // Stops accepting and returns when requests in progress are answered: as late as the slowest
  // handler, and up to about 2 s for connections idle or stuck in the middle of a request.
  void stop();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::webhook
