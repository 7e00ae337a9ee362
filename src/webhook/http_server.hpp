// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server that may face anybody: strict, bounded in time and memory, a thread for each
// connection.
//
// Requests of a connection are answered one after the other, in order, however they were sent. A
// connection goes on only if the request before was read to its last byte, so that nothing of a
// body is ever taken for a request. When there are too many, the one that has waited longest for
// its sender is closed for the next. `serve` runs on the connections' threads, with all signals
// blocked.
#pragma once

#include "base/error.hpp"
#include "webhook/http_head.hpp"
#include "webhook/http_reply.hpp"
#include "webhook/tls_files.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace topicloop::webhook {

// How long a sender may take. Each is for the whole of it, however steadily it trickles.
struct HttpPatience {
  std::chrono::milliseconds idle{60'000};    // Until a request begins.
  std::chrono::milliseconds head{10'000};    // From a request's first byte until its headers end.
  std::chrono::milliseconds body{10'000};    // From then until its body ends.
  std::chrono::milliseconds answer{10'000};  // To take the answer.
  std::chrono::milliseconds linger{2'000};   // To close after a last answer.
  std::chrono::milliseconds stop{1'000};     // For the rest of a request, once the server stops.
};

struct HttpServerOptions {
  std::string host = "127.0.0.1";  // Name or address; IPv6 without brackets.
  int port = 0;                    // 0: pick a free one.
  std::optional<TlsFiles> tls = {};
  HttpPatience patience = {};
  std::size_t max_connections = 1'024;
};

class HttpRequest {
public:
  virtual const HttpHead& head() const = 0;
  virtual const std::string& origin() const = 0;  // HttpServer::origin().
  virtual const std::string& peer() const = 0;    // Address of the sender, or of a proxy before it.
  // Why this is no usable request. The head then has what could be read of it, and there is no
  // body to be had.
  virtual const std::optional<Refusal>& defect() const = 0;

  // Reads the body. As check_length(), at once; then 413 for more than `max` bytes, 408 if it is
  // late, 400 if it is malformed or breaks off, 503 if the server gives it up.
  virtual std::optional<Refusal> read_body(std::size_t max, std::string& body) = 0;

protected:
  ~HttpRequest() = default;
};

class HttpServer {
public:
  // Answers one request; must not throw. Not told of a sender that gives up, or is given up, before
  // its headers have arrived: there is no request.
  using Serve = std::function<HttpReply(HttpRequest&)>;

  // Accepts connections when it returns. Fails with Unavailable naming host and port if they cannot
  // be bound, and with BadInput if the TLS files cannot be used.
  static Result<std::unique_ptr<HttpServer>> start(const HttpServerOptions& options, Serve serve);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  // As stop().

  // The port bound, and "http://host:port" (or https) to reach it.
  int port() const;
  const std::string& origin() const;

  // Stops accepting, closes idle connections, answers what is in progress: takes as long as the
  // slowest answer, and up to `patience.stop` for requests that are still arriving. Not to be
  // called by `serve`, nor by two threads at once.
  void stop();

private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace topicloop::webhook
