// SPDX-License-Identifier: Apache-2.0
// The network misbehaving, for tests of clients: a port where nobody answers, a line that is cut.
//
// On 127.0.0.1 and free ports. Not thread-safe.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>

namespace topicloop::test {

class OwnedSocket {
public:
  explicit OwnedSocket(int fd) : fd_(fd) {
    if (fd_ < 0) throw std::runtime_error("the test cannot open a socket");
  }
  OwnedSocket(const OwnedSocket&) = delete;
  OwnedSocket& operator=(const OwnedSocket&) = delete;
  ~OwnedSocket() { ::close(fd_); }
  int fd() const { return fd_; }

private:
  int fd_;
};

inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Connections are opened by the kernel, and never a byte comes back.
class SilentPort {
public:
  SilentPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.fd(), generic, size) != 0 || ::listen(socket_.fd(), 64) != 0 ||
        ::getsockname(socket_.fd(), generic, &size) != 0) {
      throw std::runtime_error("the test cannot listen");
    }
    port_ = ntohs(address.sin_port);
  }

  int fd() const { return socket_.fd(); }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

private:
  OwnedSocket socket_;
  std::uint16_t port_ = 0;
};

// Carries one connection to a service, until it is cut.
class Relay {
public:
  // `endpoint` is 127.0.0.1:PORT.
  explicit Relay(const std::string& endpoint)
      : target_port_(
            static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.find(':') + 1)))),
        thread_([this] { carry(); }) {}
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay() { cut(); }

  std::string endpoint() const { return front_.endpoint(); }

  // Resets both ends (RST, not FIN) and serves no more.
  void cut() {
    if (!thread_.joinable()) return;
    ::shutdown(front_.fd(), SHUT_RDWR);  // Wakes a poll that waits for the connection.
    static_cast<void>(::write(wake_[1], "", 1));
    thread_.join();
    ::close(wake_[0]);
    ::close(wake_[1]);
  }

private:
  static std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("the test has no pipe");
    return ends;
  }

  static void reset_on_close(int fd) {
    const linger now{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }

  static bool forward(int from, int to) {
    std::array<char, 65536> buffer{};
    const ssize_t size = ::recv(from, buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    return ::send(to, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
  }

  void carry() {
    const int accepted = ::accept4(front_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    const OwnedSocket near(accepted);
    const OwnedSocket far(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = loopback(target_port_);
    if (::connect(far.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return;
    }
    std::array<pollfd, 3> waiting{
        {{near.fd(), POLLIN, 0}, {far.fd(), POLLIN, 0}, {wake_[0], POLLIN, 0}}};
    while (::poll(waiting.data(), waiting.size(), -1) > 0 && waiting[2].revents == 0) {
      if (waiting[0].revents != 0 && !forward(near.fd(), far.fd())) break;
      if (waiting[1].revents != 0 && !forward(far.fd(), near.fd())) break;
    }
    reset_on_close(near.fd());
    reset_on_close(far.fd());
  }

  SilentPort front_;
  std::uint16_t target_port_;
  std::array<int, 2> wake_ = make_pipe();
  std::thread thread_;
};

}  // namespace topicloop::test
