// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_server.hpp"

#include "webhook/connection_table.hpp"
#include "webhook/http_session.hpp"
#include "webhook/listening_socket.hpp"
#include "webhook/tls_context.hpp"
#include "webhook/worker_pool.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>

namespace topicloop::webhook {

namespace {

// Before trying again, when the machine has no descriptor or memory for another connection.
constexpr std::chrono::milliseconds k_pause{10};

std::string numeric_host(const sockaddr_storage& address, socklen_t size) {
  std::array<char, NI_MAXHOST> host{};
  ::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host.data(), host.size(),
                nullptr, 0, NI_NUMERICHOST);
  return host.data();
}

}  // namespace

struct HttpServer::Impl {
  Impl(const HttpServerOptions& its_options, Serve its_serve)
      : options(its_options), serve(std::move(its_serve)), pool(options.max_connections) {}

  const HttpServerOptions options;
  const Serve serve;
  TlsContext tls;
  std::string origin;
  ListeningSocket listening;
  std::atomic<bool> is_stopping = false;
  ConnectionTable connections;
  WorkerPool pool;
  std::thread thread;

  void accept_all();
  void take(int socket, std::string peer);
};

void HttpServer::Impl::accept_all() {
  while (!is_stopping) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int socket = ::accept4(listening.socket, reinterpret_cast<sockaddr*>(&address), &size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      take(socket, numeric_host(address, size));
    } else if (!is_stopping) {
      if (errno == EMFILE || errno == ENFILE) connections.give_up_longest();
      connections.wait_for_removal(k_pause);
    }
  }
}

void HttpServer::Impl::take(int socket, std::string peer) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connections.make_room(options.max_connections);
  const auto entry = connections.add(socket);
  pool.run([this, entry, peer = std::move(peer)] {
    try {
      HttpSession({.connections = connections,
                   .entry = *entry,
                   .tls = tls.get(),
                   .origin = origin,
                   .peer = peer,
                   .patience = options.patience,
                   .serve = serve})
          .run();
    } catch (...) {
      // Out of memory: this connection ends, the others may not be the ones to blame.
    }
    connections.remove(entry);
  });
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpServerOptions& options,
                                                      Serve serve) {
  auto impl = std::make_unique<Impl>(options, std::move(serve));
  if (options.tls) {
    auto context = make_tls_context(*options.tls);
    if (!context) return std::move(context).error();
    impl->tls = *std::move(context);
  }
  auto listening = listen_on(options.host, options.port);
  if (!listening) return std::move(listening).error();
  impl->listening = *listening;
  impl->origin = origin_of(options.tls.has_value(), options.host, listening->port);
  impl->thread = std::thread([impl = impl.get()] {
    // The threads for connections inherit it.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    impl->accept_all();
  });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
  stop();
}

int HttpServer::port() const {
  return impl_->listening.port;
}

const std::string& HttpServer::origin() const {
  return impl_->origin;
}

void HttpServer::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->is_stopping = true;
  ::shutdown(impl_->listening.socket, SHUT_RDWR);  // Ends accept().
  impl_->connections.close_all(impl_->options.patience.stop);
  impl_->thread.join();
  impl_->pool.stop();
  ::close(impl_->listening.socket);
}

}  // namespace topicloop::webhook
