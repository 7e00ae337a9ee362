// SPDX-License-Identifier: Apache-2.0
#include "webhook/http_listener.hpp"

#include "webhook/listening_socket.hpp"
#include "webhook/worker_pool.hpp"

#include <httplib.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>

namespace topicloop::webhook {

namespace {

constexpr std::size_t k_max_connections = 1'024;
constexpr std::size_t k_requests_per_connection = 1'000'000'000;
// Both bound how long stop() may take.
constexpr time_t k_keep_alive_seconds = 1;
constexpr time_t k_read_timeout_seconds = 2;
constexpr int k_listen_backlog = 1'024;

class ConnectionQueue : public httplib::TaskQueue {
  // Returns nothing in older versions of httplib and bool in newer ones.
  using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue({}));

public:
  Enqueued enqueue(std::function<void()> job) override {
    pool_.run(std::move(job));
    return static_cast<Enqueued>(true);
  }
  void shutdown() override { pool_.stop(); }

private:
  WorkerPool pool_{k_max_connections};
};

std::unique_ptr<httplib::Server> make_server(const std::optional<TlsFiles>& tls) {
  if (!tls) return std::make_unique<httplib::Server>();
  return std::make_unique<httplib::SSLServer>(tls->certificate.c_str(), tls->key.c_str());
}

}  // namespace

struct HttpListener::Impl {
  std::unique_ptr<httplib::Server> server;
  bool tls = false;
  std::string host;
  int port = 0;
  int socket = -1;
  std::atomic<bool> ended = false;
  std::thread thread;
};

HttpListener::HttpListener(const std::optional<TlsFiles>& tls) : impl_(std::make_unique<Impl>()) {
  impl_->server = make_server(tls);
  impl_->tls = tls.has_value();
  httplib::Server& server = *impl_->server;
  server.new_task_queue = [] { return new ConnectionQueue; };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(k_requests_per_connection);
  server.set_keep_alive_timeout(k_keep_alive_seconds);
  server.set_read_timeout(k_read_timeout_seconds);
}

HttpListener::~HttpListener() {
  stop();
}

httplib::Server& HttpListener::server() {
  return *impl_->server;
}

Result<void> HttpListener::start(const std::string& host, int port) {
  httplib::Server& server = *impl_->server;
  if (!server.is_valid()) {
    return Error{ErrorKind::BadInput, "the TLS certificate or its key cannot be used", ""};
  }
  server.set_socket_options([this](int socket) {
    // Not SO_REUSEPORT: with it a second server on the port starts and gets half the requests.
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    impl_->socket = socket;
  });
  errno = 0;
  const int bound = port == 0                         ? server.bind_to_any_port(host)
                    : server.bind_to_port(host, port) ? port
                                                      : -1;
  if (bound <= 0) return cannot_listen(host, port, errno);
  // httplib asks for a backlog of 5; at a sixth simultaneous connect senders stall for a second.
  ::listen(impl_->socket, k_listen_backlog);

  impl_->host = host;
  impl_->port = bound;
  impl_->thread = std::thread([impl = impl_.get()] {
    // A signal here would interrupt accept() and end the server.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    impl->server->listen_after_bind();
    impl->ended = true;
  });
  while (!server.is_running() && !impl_->ended)
    std::this_thread::yield();
  return {};
}

int HttpListener::port() const {
  return impl_->port;
}

std::string HttpListener::origin() const {
  return origin_of(impl_->tls, impl_->host, impl_->port);
}

void HttpListener::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->server->stop();
  impl_->thread.join();
}

}  // namespace topicloop::webhook
