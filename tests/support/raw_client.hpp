// SPDX-License-Identifier: Apache-2.0
// A TCP client for tests that send what no well-behaved HTTP library would.
//
// Everything it waits for has a deadline of 20 s. Not thread-safe.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace topicloop::test {

class RawClient {
public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval deadline{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("the test's client cannot connect");
    }
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { ::close(socket_); }

  // False if the other side has closed before everything was sent.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Sends nothing more; the other side gets to know.
  void end() const { ::shutdown(socket_, SHUT_WR); }

  // There is something to receive, or the other side has closed.
  bool has_answer() const {
    char byte = 0;
    return ::recv(socket_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) >= 0;
  }

  // Everything up to and including `end`, or all there was if the other side closes first.
  std::string receive_until(std::string_view end) {
    std::string received;
    char byte = 0;
    while (!received.ends_with(end) && receive(&byte, 1) == 1)
      received += byte;
    return received;
  }

  // Everything until the other side closes.
  std::string receive_all() {
    std::string received;
    char buffer[4096];
    for (;;) {
      const ssize_t size = receive(buffer, sizeof buffer);
      if (size <= 0) return received;
      received.append(buffer, static_cast<std::size_t>(size));
    }
  }

  // After receive_all(): it ended because the other side has closed, not for the deadline.
  bool is_closed_by_peer() const {
    char byte = 0;
    const ssize_t size = ::recv(socket_, &byte, 1, MSG_DONTWAIT);
    return size == 0 || (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
  }

private:
  // With a deadline on the socket even a child's end interrupts.
  ssize_t receive(char* buffer, std::size_t size) const {
    ssize_t received = 0;
    do {
      received = ::recv(socket_, buffer, size, 0);
    } while (received < 0 && errno == EINTR);
    return received;
  }

  int socket_;
};

}  // namespace topicloop::test
