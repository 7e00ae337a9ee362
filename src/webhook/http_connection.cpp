// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_connection.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace topicloop::webhook {

namespace {

constexpr std::size_t k_read_size = 16U << 10U;  // As much as a TLS record has.
constexpr std::size_t k_kept_memory = 64U << 10U;

int milliseconds_until(Deadline deadline) {
  using namespace std::chrono;
  const auto left = ceil<milliseconds>(deadline - steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
}

}  // namespace

void HttpConnection::FreeTls::operator()(SSL* tls) const {
  SSL_free(tls);
}

HttpConnection::HttpConnection(int socket, SSL_CTX* tls)
    : socket_(socket), tls_(tls == nullptr ? nullptr : SSL_new(tls)) {
  if (tls_) SSL_set_fd(tls_.get(), socket);
}

HttpConnection::~HttpConnection() = default;

// What a call of OpenSSL that did not succeed waits for.
HttpConnection::Wanted HttpConnection::wanted_after(int result) const {
  const int error = SSL_get_error(tls_.get(), result);
  // What is noted of a failure would be taken for that of this thread's next call.
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return Wanted::Read;
  if (error == SSL_ERROR_WANT_WRITE) return Wanted::Write;
  return Wanted::Never;
}

bool HttpConnection::wait_for(Wanted wanted, Deadline deadline) const {
  if (wanted == Wanted::Never) return false;
  pollfd watched{socket_, static_cast<short>(wanted == Wanted::Read ? POLLIN : POLLOUT), 0};
  for (;;) {
    const int ready = ::poll(&watched, 1, milliseconds_until(deadline));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

bool HttpConnection::shake_hands(Deadline deadline) {
  if (!tls_) return true;
  for (;;) {
    const int result = SSL_accept(tls_.get());
    if (result == 1) return true;
    if (!wait_for(wanted_after(result), deadline)) return false;
  }
}

void HttpConnection::take(std::size_t size) {
  taken_ += size;
  if (taken_ < buffer_.size()) return;
  buffer_.clear();
  taken_ = 0;
  // A connection that is idle should not hold what one large request needed.
  if (buffer_.capacity() > k_kept_memory) buffer_.shrink_to_fit();
}

HttpConnection::Read HttpConnection::read_more(Deadline deadline) {
  std::array<char, k_read_size> chunk;
  buffer_.erase(0, taken_);
  taken_ = 0;
  // Without TLS there is mostly nothing yet: waiting first saves a call.
  bool is_ready = tls_ || wait_for(Wanted::Read, deadline);
  while (is_ready) {
    Wanted wanted = Wanted::Never;
    ssize_t size = 0;
    if (tls_) {
      size = SSL_read(tls_.get(), chunk.data(), static_cast<int>(chunk.size()));
      if (size <= 0) wanted = wanted_after(static_cast<int>(size));
    } else {
      size = ::recv(socket_, chunk.data(), chunk.size(), 0);
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) wanted = Wanted::Read;
    }
    if (size > 0) {
      buffer_.append(chunk.data(), static_cast<std::size_t>(size));
      return Read::Some;
    }
    if (wanted == Wanted::Never) return Read::Closed;
    is_ready = wait_for(wanted, deadline);
  }
  return Read::Late;
}

bool HttpConnection::send(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    Wanted wanted = Wanted::Never;
    ssize_t size = 0;
    if (tls_) {
      size = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (size <= 0) wanted = wanted_after(static_cast<int>(size));
    } else {
      size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) wanted = Wanted::Write;
    }
    if (size > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(size));
    } else if (!wait_for(wanted, deadline)) {
      return false;
    }
  }
  return true;
}

void HttpConnection::linger(std::size_t max, Deadline deadline) {
  if (tls_) {
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  ::shutdown(socket_, SHUT_WR);
  std::array<char, k_read_size> dropped;
  std::size_t total = 0;
  while (total < max && wait_for(Wanted::Read, deadline)) {
    const ssize_t size = ::recv(socket_, dropped.data(), dropped.size(), 0);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) return;
    total += static_cast<std::size_t>(std::max<ssize_t>(size, 0));
  }
}

}  // namespace topicloop::webhook
