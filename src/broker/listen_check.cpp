// SPDX-License-Identifier: Apache-2.0
#include "broker/listen_check.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace topicloop::broker {

namespace {

// A socket that is closed on every way out.
class Socket {
public:
  explicit Socket(int family) : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

private:
  int fd_;
};

Error cannot_listen(const Address& address, const std::string& reason) {
  return {ErrorKind::Unavailable,
          fmt::format("cannot listen on {}: {}", address.to_string(), reason),
          "choose another address with --listen HOST:PORT"};
}

// A socket file that a dead service left behind. The kernel also refuses connections to files that
// are no sockets; those are not ours to delete.
bool is_abandoned(const std::string& path, int connect_error) {
  struct stat file {};
  return connect_error == ECONNREFUSED && ::lstat(path.c_str(), &file) == 0 &&
         S_ISSOCK(file.st_mode);
}

Result<void> check_unix(const Address& address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (address.unix_path.size() >= sizeof(name.sun_path)) {
    return cannot_listen(address, "the path is too long for a Unix socket");
  }
  address.unix_path.copy(name.sun_path, sizeof(name.sun_path) - 1);
  const auto* generic = reinterpret_cast<const sockaddr*>(&name);

  const Socket probe(AF_UNIX);
  if (::connect(probe.fd(), generic, sizeof(name)) == 0) {
    return cannot_listen(address, "another process is listening there");
  }
  if (is_abandoned(address.unix_path, errno)) ::unlink(address.unix_path.c_str());
  struct stat file {};
  if (::lstat(address.unix_path.c_str(), &file) == 0 && !S_ISSOCK(file.st_mode)) {
    return cannot_listen(address, "there is a file of that name, which is not a socket");
  }
  const Socket socket(AF_UNIX);
  if (::bind(socket.fd(), generic, sizeof(name)) != 0) {
    return cannot_listen(address, std::strerror(errno));
  }
  ::unlink(address.unix_path.c_str());
  return {};
}

}  // namespace

Result<void> check_listen(const Address& address) {
  if (address.is_unix()) return check_unix(address);

  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* list = nullptr;
  const std::string port = std::to_string(address.port);
  if (const int failure = ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &list);
      failure != 0) {
    return cannot_listen(address, ::gai_strerror(failure));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
  const Socket socket(list->ai_family);
  const int on = 1;
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(socket.fd(), list->ai_addr, list->ai_addrlen) != 0) {
    return cannot_listen(address, std::strerror(errno));
  }
  // A bind alone succeeds next to another listener under SO_REUSEADDR; listening does not.
  if (::listen(socket.fd(), 1) != 0) return cannot_listen(address, std::strerror(errno));
  return {};
}

}  // namespace topicloop::broker
