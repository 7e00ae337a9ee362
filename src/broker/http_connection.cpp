// SPDX-License-Identifier: Apache-2.0
#include "broker/http_connection.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

namespace topicloop::broker {

namespace {

struct End {
  std::string host;
  int port = 0;
};

// One end of a socket, as `get` (getsockname or getpeername) gives it.
std::optional<End> end_of(int fd, int (*get)(int, sockaddr*, socklen_t*)) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (get(fd, address, &size) != 0) return std::nullopt;
  if (address->sa_family != AF_INET && address->sa_family != AF_INET6) return std::nullopt;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (::getnameinfo(address, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return std::nullopt;
  }
  return End{host.data(), std::stoi(port.data())};
}

}  // namespace

int find_connection(int local_port, const std::string& peer, int peer_port) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    const std::string name = entry.path().filename();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    const auto far = end_of(fd, ::getpeername);
    if (!far || far->port != peer_port || far->host != peer) continue;
    const auto near = end_of(fd, ::getsockname);
    if (near && near->port == local_port) return fd;
  }
  return -1;
}

}  // namespace topicloop::broker
