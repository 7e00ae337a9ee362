// SPDX-License-Identifier: Apache-2.0
#include "webhook/listening_socket.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace topicloop::webhook {

namespace {

// Senders that connect at the same moment must not wait for each other.
constexpr int k_backlog = 1'024;

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};

// The socket, or -1 and errno.
int try_to_listen(const addrinfo& address) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  const int on = 1;
  const int off = 0;
  // Not SO_REUSEPORT: with it a second server on the port starts and gets half the requests.
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address.ai_family == AF_INET6) {
    ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  }
  if (::bind(socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket, k_backlog) == 0)
    return socket;
  const int error = errno;
  ::close(socket);
  errno = error;
  return -1;
}

int port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

}  // namespace

Result<ListeningSocket> listen_on(const std::string& host, int port) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) {
    return cannot_listen(host, port, 0);
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int socket = try_to_listen(*address);
    if (socket >= 0) return ListeningSocket{socket, port_of(socket)};
  }
  return cannot_listen(host, port, errno);
}

Error cannot_listen(const std::string& host, int port, int error) {
  Error result{ErrorKind::Unavailable,
               fmt::format("cannot listen on {}:{}: {}", host, port,
                           error == 0 ? "no such address" : std::generic_category().message(error)),
               ""};
  if (error == EADDRINUSE) result.help = "stop the program that listens there, or use another port";
  return result;
}

std::string origin_of(bool is_tls, const std::string& host, int port) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}://{}:{}", is_tls ? "https" : "http", is_ipv6 ? "[" + host + "]" : host,
                     port);
}

}  // namespace topicloop::webhook
