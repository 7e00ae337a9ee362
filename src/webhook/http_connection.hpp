// SPDX-License-Identifier: Apache-2.0
// The bytes of one connection, in both directions, plain or TLS.
//
// What was read ahead stays until it is taken, over all requests of the connection. Nothing waits
// without a deadline. Borrows the socket, which must not block and is closed by its owner. Not
// thread-safe; another thread may shut the socket down for reading, which ends every wait for
// bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

// OpenSSL's SSL and SSL_CTX.
struct ssl_ctx_st;
struct ssl_st;

namespace topicloop::webhook {

using Deadline = std::chrono::steady_clock::time_point;

class HttpConnection {
public:
  // With a context, it is a server's end of TLS.
  explicit HttpConnection(int socket, ssl_ctx_st* tls = nullptr);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection();

  // Agrees on TLS, if it is to; false if that fails.
  bool shake_hands(Deadline deadline);

  // What has arrived and was not taken, valid until the next read.
  std::string_view unread() const { return std::string_view(buffer_).substr(taken_); }
  void take(std::size_t size);

  enum class Read { Some, Closed, Late };
  // Waits for more and adds it to what is unread. Closed: nothing more will come.
  Read read_more(Deadline deadline);

  // False if the other side has gone, or does not take it in time.
  bool send(std::string_view bytes, Deadline deadline);

  // Says that nothing more will be sent, and drops up to `max` bytes of what still comes: closing a
  // socket with bytes unread would take the answer away from a sender that is still sending.
  void linger(std::size_t max, Deadline deadline);

private:
  enum class Wanted { Nothing, Read, Write, Never };

  Wanted wanted_after(int result) const;
  bool wait_for(Wanted wanted, Deadline deadline) const;

  struct FreeTls {
    void operator()(ssl_st* tls) const;
  };

  const int socket_;
  const std::unique_ptr<ssl_st, FreeTls> tls_;
  std::string buffer_;
  std::size_t taken_ = 0;  // Of the buffer.
};

}  // namespace topicloop::webhook
