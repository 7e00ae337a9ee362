// SPDX-License-Identifier: Apache-2.0
#include "topic/probe.hpp"

#include "topic/tls_probe.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace topicloop::topic {

namespace {

using Clock = std::chrono::steady_clock;

// Short enough that a stop is noticed.
constexpr std::chrono::milliseconds k_slice{50};

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;

  const sockaddr* generic() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  int family() const { return bytes.ss_family; }

  std::string to_string() const {
    std::array<char, NI_MAXHOST> host{};
    if (family() == AF_UNIX ||
        ::getnameinfo(generic(), size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
      return "a Unix socket";
    }
    return host.data();
  }
};

// What a thread that looks a name up shares with the one that waits for it, which may give up.
struct Lookup {
  std::mutex mutex;
  std::condition_variable done;
  bool is_done = false;
  int failure = 0;
  std::vector<SocketAddress> addresses;
};

void look_up(const Address& address, Lookup& lookup) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failure =
      ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &list);
  const std::lock_guard lock(lookup.mutex);
  lookup.failure = failure;
  for (const addrinfo* entry = failure == 0 ? list : nullptr; entry != nullptr;
       entry = entry->ai_next) {
    SocketAddress found;
    std::memcpy(&found.bytes, entry->ai_addr, entry->ai_addrlen);
    found.size = entry->ai_addrlen;
    lookup.addresses.push_back(found);
  }
  if (failure == 0) ::freeaddrinfo(list);
  lookup.is_done = true;
  lookup.done.notify_all();
}

std::optional<SocketAddress> unix_address(const std::string& path) {
  SocketAddress address;
  auto* name = reinterpret_cast<sockaddr_un*>(&address.bytes);
  if (path.size() >= sizeof(name->sun_path)) return std::nullopt;
  name->sun_family = AF_UNIX;
  path.copy(name->sun_path, sizeof(name->sun_path) - 1);
  address.size = sizeof(sockaddr_un);
  return address;
}

}  // namespace

struct Probe::Impl {
  std::string endpoint;
  std::chrono::milliseconds timeout;
  std::stop_token stop;
  std::vector<SocketAddress> addresses = {};
  int fd = -1;

  Impl(std::string where, std::chrono::milliseconds limit, std::stop_token stopped)
      : endpoint(std::move(where)), timeout(limit), stop(std::move(stopped)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { close(); }

  void close() {
    if (fd >= 0) ::close(std::exchange(fd, -1));
  }

  Error failed(std::string_view what, std::string_view why) const {
    return {ErrorKind::Unavailable, fmt::format("cannot {} {}: {}", what, endpoint, why), ""};
  }

  // Gives up waiting, and leaves the thread to itself: nothing can interrupt a look-up.
  Result<std::string> resolve(const Address& address) {
    const auto lookup = std::make_shared<Lookup>();
    std::thread([lookup, address] { look_up(address, *lookup); }).detach();
    const auto deadline = Clock::now() + timeout;
    std::unique_lock lock(lookup->mutex);
    while (!lookup->is_done && !stop.stop_requested() && Clock::now() < deadline)
      lookup->done.wait_until(lock, std::min(deadline, Clock::now() + k_slice));
    if (!lookup->is_done) return failed("look up", "the name server does not answer in time");
    if (lookup->failure != 0) return failed("look up", ::gai_strerror(lookup->failure));
    addresses = lookup->addresses;
    std::string text;
    for (const auto& found : addresses)
      text += (text.empty() ? "" : ", ") + found.to_string();
    return text;
  }

  // 0, or why there is no connection.
  int try_to_connect(const SocketAddress& address, Clock::time_point deadline) {
    close();
    fd = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return errno;
    if (::connect(fd, address.generic(), address.size) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    if (!wait_for(fd, POLLOUT, deadline, stop)) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
  }
};

bool wait_for(int fd, short events, Clock::time_point deadline, const std::stop_token& stop) {
  while (!stop.stop_requested() && Clock::now() < deadline) {
    pollfd waiting{fd, events, 0};
    if (::poll(&waiting, 1, static_cast<int>(k_slice.count())) > 0) return true;
  }
  return false;
}

Probe::Probe(const std::string& endpoint, std::chrono::milliseconds timeout, std::stop_token stop)
    : impl_(std::make_unique<Impl>(endpoint, timeout, std::move(stop))) {}
Probe::Probe(Probe&&) noexcept = default;
Probe& Probe::operator=(Probe&&) noexcept = default;
Probe::~Probe() = default;

Result<std::string> Probe::resolve() {
  auto address = parse_address(impl_->endpoint, 443);
  if (!address) return std::move(address).error();
  if (address->is_unix()) {
    const auto name = unix_address(address->unix_path);
    if (!name) {
      Error error = impl_->failed("use", "the path is too long for a Unix socket");
      error.kind = ErrorKind::Usage;
      return error;
    }
    impl_->addresses = {*name};
    return address->unix_path;
  }
  // Many resolvers do not know these names, and the client does without (RFC 6761).
  if (address->host.ends_with(".localhost")) address->host = "127.0.0.1";
  return impl_->resolve(*address);
}

Result<std::string> Probe::connect() {
  const auto deadline = Clock::now() + impl_->timeout;
  int failure = 0;
  for (const auto& address : impl_->addresses) {
    failure = impl_->try_to_connect(address, deadline);
    if (failure == 0) return address.to_string();
  }
  impl_->close();
  return impl_->failed("connect to", std::strerror(failure));
}

Result<Probe::Certificate> Probe::shake_hands(const std::string& ca_file) {
  const auto address = parse_address(impl_->endpoint, 443);
  if (!address) return address.error();
  auto seen = tls_handshake({.fd = impl_->fd,
                             .host = address->host,
                             .ca_file = ca_file,
                             .deadline = Clock::now() + impl_->timeout,
                             .stop = impl_->stop});
  impl_->close();
  if (seen) return Certificate{std::move(seen->issuer), seen->valid_until};
  Error error = std::move(seen).error();
  if (error.kind == ErrorKind::Unavailable) {
    error.message = fmt::format("no TLS with {}: {}", impl_->endpoint, error.message);
  }
  return error;
}

}  // namespace topicloop::topic
